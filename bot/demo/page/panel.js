// What do the parts of the panel outside Slack have in common?

import { h } from "./dom.js";
import { icon } from "./icons.js";

const URL_IN_TEXT = /(https?:\/\/[^\s]+[^\s.,;:!?)])/;

/** A part of the panel, found by its name. */
export function part(name, picture, label, count, ...children) {
  return h(
    "section",
    { class: `part ${name}`, "aria-label": label, "data-region": name },
    h("h3", null, icon(picture), label, count > 0 && h("span", { class: "part-count" }, String(count))),
    children,
  );
}

/** Text as it came, with its addresses to press. */
export function withLinks(text) {
  return (text ?? "")
    .split(URL_IN_TEXT)
    .map((piece, index) =>
      index % 2 ? h("a", { href: piece, target: "_blank", rel: "noopener noreferrer" }, piece) : piece,
    );
}
