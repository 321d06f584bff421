// What do the page's small pictures look like?
//
// Line drawings on a 20 × 20 grid, coloured by the text around them.

import { h } from "./dom.js";

const PATHS = {
  hash: "M7.5 3 5.5 17M14.5 3l-2 14M3.5 7.5h14M2.5 12.5h14",
  home: "M3 9.2 10 3l7 6.2V16a1 1 0 0 1-1 1h-3.5v-5h-5v5H4a1 1 0 0 1-1-1z",
  chat: "M3 5.5A1.5 1.5 0 0 1 4.5 4h11A1.5 1.5 0 0 1 17 5.5v7a1.5 1.5 0 0 1-1.5 1.5H9l-4 3v-3h-.5A1.5 1.5 0 0 1 3 12.5z",
  chevronDown: "m5.5 8 4.5 4.5L14.5 8",
  chevronLeft: "M12 5.5 7.5 10l4.5 4.5",
  chevronRight: "M8 5.5 12.5 10 8 14.5",
  caret: "m6 8.5 4 4 4-4",
  close: "m5 5 10 10M15 5 5 15",
  plus: "M10 4v12M4 10h12",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  send: "M3.5 3.5 17 10 3.5 16.5l2-6.5zM5.5 10H10",
  slash: "M12.5 4 7.5 16M3 3h14v14H3z",
  at: "M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0zm0 0v1.2a2 2 0 0 0 4 0V10a7 7 0 1 0-2.8 5.6",
  eye: "M2 10s3-5.5 8-5.5S18 10 18 10s-3 5.5-8 5.5S2 10 2 10zm10.3 0a2.3 2.3 0 1 1-4.6 0 2.3 2.3 0 0 1 4.6 0z",
  calendar:
    "M3.5 5.5A1.5 1.5 0 0 1 5 4h10a1.5 1.5 0 0 1 1.5 1.5v10A1.5 1.5 0 0 1 15 17H5a1.5 1.5 0 0 1-1.5-1.5zM3.5 8.5h13M7 2.5V5M13 2.5V5",
  clock: "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM10 6v4.3l2.8 1.7",
  mail: "M3 6a1.5 1.5 0 0 1 1.5-1.5h11A1.5 1.5 0 0 1 17 6v8a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14zm.3-.4L10 11l6.7-5.4",
  phone: "M6.5 2.5h7A1.5 1.5 0 0 1 15 4v12a1.5 1.5 0 0 1-1.5 1.5h-7A1.5 1.5 0 0 1 5 16V4a1.5 1.5 0 0 1 1.5-1.5zM9 15h2",
  warning: "M10 3 18 16.5H2zM10 8v4M10 14.3v.1",
  check: "m4 10.5 4 4 8-9",
  bold: "M6 4h5a3 3 0 0 1 0 6H6zm0 6h6a3 3 0 0 1 0 6H6z",
  italic: "M8.5 4H14M6 16h5.5M11.5 4 8.5 16",
  strike: "M3 10h14M14 6.5C14 5 12.5 4 10 4S6 5 6 6.7C6 8 7 9 10 10M6 13.5C6 15 7.5 16 10 16s4-1 4-2.8",
  code: "m7 6-4 4 4 4M13 6l4 4-4 4",
  quote: "M4 4v12M8 6h9M8 10h9M8 14h6",
  list: "M8 5h9M8 10h9M8 15h9M4 5h.01M4 10h.01M4 15h.01",
  skip: "m4 5 6 5-6 5zM11 5l6 5-6 5z",
  sun: "M10 3v1.5M10 15.5V17M3 10h1.5M15.5 10H17M5 5l1 1M14 14l1 1M15 5l-1 1M6 14l-1 1M13 10a3 3 0 1 1-6 0 3 3 0 0 1 6 0z",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  bolt: "M11 2.5 4.5 11.5H9L8.5 17.5 15.5 8.5H11z",
  lock: "M5 9h10v8H5zM7 9V6.5a3 3 0 0 1 6 0V9",
  play: "M6 4.5v11l9-5.5z",
  file: "M5 3h6.5L15.5 7v10H5zM11.5 3v4h4",
  info: "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM10 9v4.5M10 6.5v.1",
  circle: "M16 10a6 6 0 1 1-12 0 6 6 0 0 1 12 0z",
  reply: "M3 5.5A1.5 1.5 0 0 1 4.5 4h11A1.5 1.5 0 0 1 17 5.5v7a1.5 1.5 0 0 1-1.5 1.5H9l-4 3v-3h-.5A1.5 1.5 0 0 1 3 12.5zM6.5 7.5h7M6.5 10.5h4.5",
  thumbUp: "M6.5 9 10 3a2 2 0 0 1 2 2v3h3.5a1.5 1.5 0 0 1 1.5 1.8l-1 5.5a1.5 1.5 0 0 1-1.5 1.2h-8zM3 9h3.5v7.5H3z",
  thumbDown: "M13.5 11 10 17a2 2 0 0 1-2-2v-3H4.5A1.5 1.5 0 0 1 3 10.2l1-5.5a1.5 1.5 0 0 1 1.5-1.2h8zM17 11h-3.5V3.5H17z",
  trash: "M4 5.5h12M8 5.5V4h4v1.5M5.5 5.5l.8 11h7.4l.8-11M8.5 8.5v5M11.5 8.5v5",
  upload: "M10 13V4M6.5 7 10 3.5 13.5 7M4 13v3.5h12V13",
  globe: "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM3 10h14M10 3c2.5 2 2.5 12 0 14M10 3c-2.5 2-2.5 12 0 14",
};

/** A picture that says nothing to a screen reader. */
export function icon(name, kind = "") {
  return h(
    "svg",
    { class: `icon ${kind}`, viewBox: "0 0 20 20", "aria-hidden": "true" },
    h("path", { d: PATHS[name] }),
  );
}

/** A person's or an app's coloured square with initials. */
export function avatar(user, size = 36) {
  const initials = (user?.real_name || user?.name || "?")
    .match(/(?<!\p{L})\p{L}/gu)
    ?.slice(0, 2)
    .join("")
    .toUpperCase();
  const shade = String(user?.color || "616061").replace(/^#?/, "#");
  return h(
    "span",
    {
      class: `avatar size-${size}`,
      "aria-hidden": "true",
      style: { "background-color": shade },
    },
    user?.is_bot && user.id !== "USLACKBOT" ? icon("bolt", "avatar-icon") : initials,
  );
}
