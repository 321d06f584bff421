// How does a modal stand before the page, and how does one leave it?
//
// The stack's top view is shown; those below wait with what was typed in them. Focus stays inside, Escape and Cancel
// close the view on top, the cross closes the whole stack. Confirmations stand above everything.

import { h } from "./dom.js";
import { blocks } from "./blocks.js";
import { label } from "./elements.js";
import { plain } from "./emoji.js";
import { avatar, icon } from "./icons.js";

const FOCUSABLE =
  'input:not([disabled]), textarea:not([disabled]), button:not([disabled]):not([tabindex="-1"]), a[href], [tabindex="0"]';

/** The modal on top, or nothing. */
export function modal(app) {
  const views = app.snapshot.modals;
  const view = views.at(-1);
  if (!view) return null;
  const surface = app.surfaces.forView(view, "modal");
  const { form } = surface;
  const { words } = app;
  const leave = (cleared) => surface.close(cleared);
  const titleId = `title-${view.id}`;
  return h(
    "div",
    { class: "backdrop", key: "modal" },
    h(
      "div",
      {
        class: "modal",
        key: view.id,
        role: "dialog",
        "aria-modal": "true",
        "aria-label": plain(view.title),
        tabIndex: -1,
        "data-view-id": view.id,
        "data-callback-id": view.callback_id ?? null,
        mount: (node) => focusFirst(node),
        update: (node) => {
          fromTheTop(view, node);
          showError(surface, node);
        },
        onkeydown: (event) => {
          if (event.key === "Escape" && !event.defaultPrevented) {
            event.stopPropagation();
            if (!form.busy) leave(false);
          }
          trap(event);
        },
      },
      h(
        "div",
        { class: "modal-head" },
        avatar(app.user(app.snapshot.app.bot_user_id), 28),
        h("h2", { id: titleId }, plain(view.title)),
        h(
          "button",
          {
            type: "button",
            class: "icon-button",
            "aria-label": words.closeAll,
            disabled: form.busy,
            onclick: () => leave(true),
          },
          icon("close"),
        ),
      ),
      form.trouble && h("div", { class: "trouble", role: "alert" }, icon("warning"), words.trouble),
      h("div", { class: "modal-body", "data-scroll": "", tabIndex: hasStops(view) ? null : 0 }, blocks(app, surface)),
      h(
        "div",
        { class: "modal-foot" },
        h(
          "button",
          { type: "button", class: "button big", disabled: form.busy, onclick: () => leave(false) },
          plain(view.close) || (view.submit ? words.cancel : words.close),
        ),
        view.submit &&
          h(
            "button",
            {
              type: "button",
              class: `button big primary ${form.busy ? "waiting" : ""}`,
              disabled: form.busy,
              "aria-busy": form.busy || null,
              onclick: () => surface.submit(),
            },
            h("span", { class: "button-text" }, plain(view.submit) || words.submit),
            form.busy && h("span", { class: "spinner small" }),
          ),
      ),
    ),
  );
}

/** Is there anything to reach in it? If not, the body itself is a stop, so that it can be scrolled with the keys. */
const hasStops = (view) => view.blocks.some((block) => block.element || block.accessory?.action_id || block.elements);

function focusFirst(node) {
  const body = node.querySelector(".modal-body");
  const first =
    node.querySelector("[data-focus-first]") ?? body.querySelector("input:not([disabled]), textarea:not([disabled])");
  (first ?? node).focus({ preventScroll: !first });
}

/** After a refusal: the first wrong field comes into sight and gets the focus. */
function showError(surface, node) {
  if (!surface.focusError) return;
  surface.focusError = false;
  const error = node.querySelector(".field-error");
  const block = error?.closest(".block");
  if (!block) return;
  const field = block.querySelector("input, textarea, button");
  field?.focus({ preventScroll: true });
  const body = node.querySelector(".modal-body");
  const [seen, box] = [body.getBoundingClientRect(), block.getBoundingClientRect()];
  if (box.top < seen.top || box.bottom > seen.bottom)
    body.scrollTop += box.top - seen.top - Math.max(12, (seen.height - box.height) / 3);
}

/** The same form stays where it was scrolled to; another view in its place is read from its beginning. */
function fromTheTop(view, node) {
  const shown = `${view.callback_id} ${plain(view.title)}`;
  if (node.shown !== undefined && node.shown !== shown) node.querySelector(".modal-body").scrollTop = 0;
  node.shown = shown;
}

/** Tab goes round inside. */
function trap(event) {
  if (event.key !== "Tab") return;
  const stops = [...event.currentTarget.querySelectorAll(FOCUSABLE)].filter(
    (each) => each.tabIndex >= 0 && each.offsetParent,
  );
  const active = document.activeElement;
  const end = event.shiftKey ? stops[0] : stops.at(-1);
  if (active !== end && active !== event.currentTarget) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}

/** The confirmation that is being asked for, or nothing. */
export function confirmation(app) {
  const asked = app.ui.confirm;
  if (!asked) return null;
  const { dialog, settle } = asked;
  return h(
    "div",
    { class: "backdrop confirming", key: "confirm" },
    h(
      "div",
      {
        class: "modal small",
        role: "alertdialog",
        "aria-modal": "true",
        "aria-label": plain(dialog.title),
        tabIndex: -1,
        mount: (node) => node.querySelector(".modal-foot .button:last-child").focus(),
        onkeydown: (event) => {
          if (event.key === "Escape") {
            event.stopPropagation();
            settle(false);
          }
          trap(event);
        },
      },
      h(
        "div",
        { class: "modal-head" },
        h("h2", null, plain(dialog.title)),
        h(
          "button",
          { type: "button", class: "icon-button", "aria-label": app.words.closeAll, onclick: () => settle(false) },
          icon("close"),
        ),
      ),
      h("div", { class: "modal-body" }, label(app, dialog.text)),
      h(
        "div",
        { class: "modal-foot" },
        h(
          "button",
          { type: "button", class: "button big", onclick: () => settle(false) },
          plain(dialog.deny) || app.words.no,
        ),
        h(
          "button",
          { type: "button", class: `button big ${dialog.style ?? "primary"}`, onclick: () => settle(true) },
          plain(dialog.confirm) || app.words.yes,
        ),
      ),
    ),
  );
}
