// Where does a menu or a calendar stand, and when does it go away?
//
// One pop-up at a time, above everything, beside the node that opened it. It never takes the focus: its owner keeps
// it and handles the keys, so that closing a pop-up leaves the person where they were.

import { h } from "./dom.js";

const GAP = 4;
const EDGE = 8;
const MENU_HEIGHT = 316;

/**
 * @param {any} app
 * @param {string} anchorId the node to stand beside
 * @param {{class?: string, width?: "anchor" | "own", side?: "below" | "above", align?: "start" | "end"}} how
 * @param {...any} children
 */
export function popup(app, anchorId, how, ...children) {
  const stand = (node) => place(node, document.getElementById(anchorId), how);
  return h(
    "div",
    {
      class: `popup ${how.class ?? ""}`,
      key: `popup ${anchorId}`,
      "data-popup": anchorId,
      onpointerdown: (event) => event.preventDefault(),
      mount: stand,
      update: stand,
    },
    children,
  );
}

function place(node, anchor, { width = "anchor", side = "below", align = "start" }) {
  if (!anchor) return;
  const box = (anchor.closest("[data-anchor]") ?? anchor).getBoundingClientRect();
  node.style.width = width === "anchor" ? `${box.width}px` : "";
  const most = node.classList.contains("calendar") ? Infinity : MENU_HEIGHT;
  const offsetWidth = node.offsetWidth;
  const wanted = Math.min(node.scrollHeight, most);
  const below = innerHeight - box.bottom - GAP - EDGE;
  const above = box.top - GAP - EDGE;
  const up = side === "above" ? above > 120 || above > below : wanted > below && above > below;
  node.style.maxHeight = `${Math.min(most, Math.max(120, up ? above : below))}px`;
  const left = align === "end" ? box.right - offsetWidth : box.left;
  node.style.left = `${Math.max(EDGE, Math.min(left, innerWidth - offsetWidth - EDGE))}px`;
  node.style.top = up ? "" : `${box.bottom + GAP}px`;
  node.style.bottom = up ? `${innerHeight - box.top + GAP}px` : "";
}

/** Close the pop-up at a press elsewhere; keep it beside its owner when things scroll or change size. */
export function watchPopups(app) {
  document.addEventListener(
    "pointerdown",
    (event) => {
      const open = app.ui.popup;
      if (!open || event.target.closest?.("[data-popup]")) return;
      const anchor = document.getElementById(open.owner);
      if (!(anchor?.closest("[data-anchor]") ?? anchor)?.contains(event.target)) app.closePopup();
    },
    true,
  );
  document.addEventListener(
    "scroll",
    (event) => {
      if (app.ui.popup && !event.target.closest?.("[data-popup]")) app.render();
    },
    true,
  );
  addEventListener("resize", () => app.render());
}

/** The owner's keys for a list: arrows, Page Up and Down, Home, End, Enter, Escape. True when the key was used. */
export function listKeys(event, { count, active, move, choose, close }) {
  const to = {
    ArrowDown: active + 1,
    ArrowUp: active - 1,
    PageDown: active + 8,
    PageUp: active - 8,
    Home: 0,
    End: count - 1,
  }[event.key];
  if (to !== undefined && count) {
    const wraps = event.key.startsWith("Arrow");
    move(wraps ? (to + count) % count : Math.max(0, Math.min(count - 1, to)));
  } else if (event.key === "Enter") {
    choose(active);
  } else if (event.key === "Escape") {
    close();
  } else {
    return false;
  }
  event.preventDefault();
  event.stopPropagation();
  return true;
}

/** Keep the active row of a list in sight, once for each time it changes. */
export const inSight = (state) => (node) => {
  if (state.inSight === state.active) return;
  state.inSight = state.active;
  node.scrollIntoView({ block: "nearest" });
};
