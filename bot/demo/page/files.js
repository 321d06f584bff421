// Which files were shared, and how does one get them?
//
// A file's card below its message, and the list of all files of a channel.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { writeDate } from "./time.js";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

function writeSize(bytes, locale) {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const style = { style: "unit", unit: UNITS[power], unitDisplay: power === 0 ? "long" : "short", maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale, style).format(bytes / 1000 ** power);
}

/** Where this person can load a file from. */
function addressOf(app, file) {
  const key = new URL(location.href).searchParams.get("key") ?? "";
  const query = new URLSearchParams({ key, user: app.snapshot.me.id });
  return `/page/files/${file.id}/${encodeURIComponent(file.name)}?${query}`;
}

function card(app, file, more) {
  return h(
    "a",
    { href: addressOf(app, file), download: file.name, "data-file-id": file.id },
    icon("file", "file-picture"),
    h(
      "span",
      { class: "file-texts" },
      h("strong", null, file.title || file.name),
      h("span", null, [file.name, writeSize(file.size, app.locale), ...more].join(" · ")),
    ),
  );
}

/** The files that came with a message. */
export function fileCards(app, files) {
  if (!files?.length) return null;
  return h(
    "ul",
    { class: "files" },
    files.map((file) => h("li", { key: file.id }, card(app, file, []))),
  );
}

/** All files of a place, the newest first. */
export function filesOf(app, place) {
  const all = place.messages
    .toReversed()
    .flatMap((message) => (message.files ?? []).map((file) => ({ file, message })));
  if (!all.length) return h("div", { class: "home-empty", key: "no-files" }, icon("file"), h("h2", null, app.words.noFiles));
  return h(
    "div",
    { class: "home-scroll", key: "files", "data-scroll": "", tabIndex: 0, role: "region", "aria-label": app.words.files },
    h(
      "ul",
      { class: "files all" },
      all.map(({ file, message }) => {
        const user = app.user(message.user);
        const day = writeDate("{date_pretty}", Number(message.ts), app.reader);
        return h(
          "li",
          { key: `${file.id} ${message.ts}` },
          card(app, file, [message.username || user?.real_name || user?.name || "", day].filter(Boolean)),
        );
      }),
    ),
  );
}
