// How does one put files into a form?
//
// Files are chosen or dropped, uploaded at once over the page's own address, and held as Slack's file objects. What
// does not fit (docs.slack.dev, "File input element": the kinds, at most ten; and what the workspace keeps of one) is
// said below the field.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const MOST_FILES = 10;
const LARGEST_BYTES = 20 * 1024 * 1024;

export function fileInput(app, surface, block, element, place) {
  const { words } = app;
  const files = surface.form.value(block, element) ?? [];
  const most = element.max_files ?? MOST_FILES;
  const waiting = surface.uploads ?? 0;
  const kinds = (element.filetypes ?? []).map((kind) => kind.toLowerCase());
  const take = (chosen) => upload(app, surface, block, element, { chosen: [...chosen], most, kinds });
  return h(
    "div",
    {
      class: `file-input ${place.invalid ? "invalid" : ""}`,
      ondragover: (event) => event.preventDefault(),
      ondrop: (event) => {
        event.preventDefault();
        if (!place.disabled) take(event.dataTransfer.files);
      },
    },
    h("input", {
      ...place.attributes,
      id: place.id,
      type: "file",
      class: "file-chooser",
      multiple: most > 1,
      accept: kinds.map((kind) => `.${kind}`).join(",") || null,
      disabled: place.disabled || waiting > 0,
      onchange: (event) => {
        const chosen = [...event.target.files];
        event.target.value = ""; // so that the same file can be chosen again
        take(chosen);
      },
    }),
    h("span", { class: "file-prompt", "aria-hidden": "true" }, icon("upload"), words.addFiles(most)),
    waiting > 0 && h("span", { class: "file-waiting", role: "status" }, h("span", { class: "spinner small" }), words.uploading),
    files.length > 0 &&
      h(
        "ul",
        { class: "file-list" },
        files.map((file) =>
          h(
            "li",
            { class: "chip", key: file.id, "data-file-id": file.id },
            icon("file"),
            h("span", { class: "chip-text" }, file.name),
            h(
              "button",
              {
                type: "button",
                class: "chip-remove",
                "aria-label": words.remove(file.name),
                disabled: place.disabled,
                onclick: () => {
                  const left = files.filter((each) => each.id !== file.id);
                  surface.keep(block, element, left);
                  document.getElementById(place.id)?.focus();
                },
              },
              icon("close"),
            ),
          ),
        ),
      ),
  );
}

async function upload(app, surface, block, element, { chosen, most, kinds }) {
  const held = surface.form.value(block, element) ?? [];
  const refuse = (text) => {
    surface.form.errors[block.block_id] = text;
    app.render();
  };
  if (!chosen.length) return;
  if (held.length + chosen.length > most) return refuse(app.words.tooManyFiles(most));
  for (const { name, size } of chosen) {
    const kind = name.includes(".") ? name.split(".").at(-1).toLowerCase() : "";
    if (kinds.length && !kinds.includes(kind)) return refuse(app.words.wrongKind(name, kinds.join(", ")));
    if (size > LARGEST_BYTES) return refuse(app.words.fileTooBig(name, LARGEST_BYTES / 1024 / 1024));
  }
  surface.uploads = (surface.uploads ?? 0) + chosen.length;
  app.render();
  const taken = await Promise.all(chosen.map((file) => send(app, file)));
  surface.uploads -= chosen.length;
  const good = taken.filter(Boolean);
  if (good.length) surface.keep(block, element, [...(surface.form.value(block, element) ?? []), ...good]);
  if (good.length < chosen.length) refuse(app.words.uploadFailed);
  app.render();
}

async function send(app, file) {
  const key = new URL(location.href).searchParams.get("key") ?? "";
  const query = new URLSearchParams({ key, user: app.snapshot.me.id, name: file.name });
  try {
    const answer = await fetch(`/page/files?${query}`, { method: "POST", body: file });
    return answer.ok ? await answer.json() : null;
  } catch {
    return null; // the line was lost
  }
}
