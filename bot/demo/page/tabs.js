// How does one go between the tabs of a place?
//
// Arrows move between them; only the one that is open is a stop for the Tab key.

import { h } from "./dom.js";

/**
 * @param {any} app
 * @param {{label: string, panel: string, here: string, list: [string, string, boolean?][], go: (name: string) => void}}
 *   how `list` has names, texts, and whether there is something new
 */
export function tabs(app, { label, panel, here, list, go }) {
  return h(
    "div",
    { class: "tabs", role: "tablist", "aria-label": label },
    list.map(([name, text, news], index) =>
      h(
        "button",
        {
          type: "button",
          role: "tab",
          key: name,
          id: `tab-${name}`,
          class: "tab",
          "aria-selected": here === name ? "true" : "false",
          "aria-controls": panel,
          tabIndex: here === name ? 0 : -1,
          onclick: () => go(name),
          onkeydown: (event) => {
            const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
            if (!step) return;
            const [other] = list[(index + step + list.length) % list.length];
            app.focusField = `tab-${other}`;
            go(other);
          },
        },
        text,
        news && h("span", { class: "dot" }),
      ),
    ),
  );
}
