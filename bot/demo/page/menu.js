// How does one choose from a short menu behind a button?
//
// The button keeps the focus; arrows move in the menu, Enter chooses, Escape closes.

import { h } from "./dom.js";
import { listKeys, popup } from "./popup.js";

/**
 * @param {any} app
 * @param {{id: string, label: string, items: {key: any, text: any, description?: any, value?: string,
 *   pick: () => void}[], button: Record<string, any>, popup?: object}} menu `button` are more properties of the button
 * @param {...any} face what stands on the button
 */
export function menuButton(app, menu, ...face) {
  const { id, label, items } = menu;
  const open = app.popup(id);
  const start = (active) => app.openPopup(id, { active });
  const pick = (item) => {
    app.closePopup();
    item?.pick();
  };
  if (open) app.raise(list(app, menu, open, pick));
  return h(
    "button",
    {
      ...menu.button,
      id,
      type: "button",
      "aria-label": label,
      "aria-haspopup": "menu",
      "aria-expanded": open ? "true" : "false",
      "aria-controls": open ? `${id}-list` : null,
      "aria-activedescendant": open && items.length ? `${id}-${open.active}` : null,
      onclick: () => (open ? app.closePopup() : start(0)),
      onblur: () => app.popup(id) && app.closePopup(),
      onkeydown: (event) => {
        if (!open) {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          event.stopPropagation();
          start(0);
          return;
        }
        listKeys(event, {
          count: items.length,
          active: open.active,
          choose: (at) => pick(items[at]),
          close: () => app.closePopup(),
          move: (to) => {
            open.active = to;
            app.render();
          },
        });
      },
    },
    face,
  );
}

function list(app, { id, label, items, popup: how, heading }, open, pick) {
  return popup(
    app,
    id,
    { class: "menu short-menu", width: "own", align: "end", ...how },
    heading && h("div", { class: "menu-label" }, heading),
    h(
      "div",
      { role: "menu", id: `${id}-list`, "aria-label": label },
      items.map((item, index) =>
        h(
          "div",
          {
            role: "menuitem",
            id: `${id}-${index}`,
            key: item.key,
            class: `option ${index === open.active ? "active" : ""}`,
            "data-value": item.value ?? null,
            onmousemove: () => {
              if (open.active === index) return;
              open.active = index;
              app.render();
            },
            onclick: () => pick(item),
          },
          item.picture,
          h(
            "span",
            { class: "option-texts" },
            h("span", { class: "option-text" }, item.text),
            item.description && h("span", { class: "option-description" }, item.description),
          ),
        ),
      ),
    ),
  );
}
