// Where was the keyboard, and where is it after everything was drawn anew?
//
// A Home, a message or a modal may be replaced under a person's hands. The control that had the focus is found again by
// its block_id and action_id, by its action_id alone, or by its place among the controls; when none is left, the
// surface itself has the focus. Whoever pressed elsewhere with the pointer has left by their own will.

const SURFACES = ".modal, .home-blocks, [data-list] [data-ts]";
const STOPS = "input, textarea, button, a[href], select";

export class Focus {
  constructor() {
    this.last = null;
    this.held = null;
  }

  watch() {
    document.addEventListener("focusin", ({ target }) => {
      this.last = described(target);
    });
    document.addEventListener(
      "pointerdown",
      () => {
        this.last = null;
      },
      true,
    );
  }

  /** With the next drawing, go to a message of a list. */
  goTo(list, ts) {
    this.last = { surface: messageIn(list, ts) };
    document.activeElement?.blur();
  }

  /** A modal opens: remember where one was. */
  hold() {
    this.held = this.last;
  }

  /** The last modal is gone: back to where one was. True if there is such a place. */
  release() {
    const { held } = this;
    this.held = null;
    if (!held) return false;
    this.last = held;
    this.restore();
    return document.activeElement !== document.body;
  }

  /** After a drawing: if the focus was lost, put it where it was. */
  restore() {
    const active = document.activeElement;
    if (!this.last || (active && active !== document.body)) return;
    const surface = document.querySelector(this.last.surface);
    if (!surface) return;
    const { last } = this;
    const controls = [...surface.querySelectorAll("[data-action-id]")];
    const found = last.action
      ? (controls.find((each) => each.dataset.actionId === last.action && each.dataset.blockId === last.block) ??
        controls.find((each) => each.dataset.actionId === last.action) ??
        controls[Math.min(last.position, controls.length - 1)])
      : null;
    const stop = found?.matches(STOPS) ? found : [...(found?.querySelectorAll(STOPS) ?? [])].at(last.part);
    if (stop?.disabled) return; // it is waiting; the next drawing comes here again
    (stop ?? surface).focus({ preventScroll: true });
    this.last = last;
  }
}

function described(target) {
  const surface = target.closest?.(SURFACES);
  if (!surface) return null;
  const control = target.closest("[data-action-id]");
  const controls = [...surface.querySelectorAll("[data-action-id]")];
  const stops = control?.matches(STOPS) ? [] : [...(control?.querySelectorAll(STOPS) ?? [])];
  return {
    surface: selectorOf(surface),
    block: control?.dataset.blockId,
    action: control?.dataset.actionId,
    position: controls.indexOf(control),
    part: Math.max(0, stops.indexOf(target)),
  };
}

function selectorOf(surface) {
  if (surface.matches(".modal")) return ".modal";
  if (surface.matches(".home-blocks")) return ".home-blocks";
  return messageIn(surface.closest("[data-list]").dataset.list, surface.dataset.ts);
}

const messageIn = (list, ts) => `[data-list="${CSS.escape(list)}"] [data-ts="${CSS.escape(ts)}"]`;
