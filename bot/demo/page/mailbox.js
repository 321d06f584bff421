// What has reached the mailbox, and how does a mail look there?
//
// A list, and one mail open at a time: as HTML, as plain text, or its headers. The HTML stands in a sandboxed frame
// without scripts. The page's own rules forbid inline styles, and a frame inherits them, so a mail's styles are laid on
// from here.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { part, withLinks } from "./panel.js";
import { inZone, writeMoment, writeTime } from "./time.js";

const SANDBOX = "allow-same-origin allow-popups allow-popups-to-escape-sandbox";

export function mailbox(app) {
  const { words, ui } = app;
  const mails = app.snapshot.mailbox;
  const open = mails.find((mail) => mail.id === ui.mail.open);
  return part(
    "mailbox",
    "mail",
    words.mailbox,
    mails.length,
    open
      ? letter(app, open)
      : mails.length
        ? h(
            "ul",
            { class: "mails", key: "mails" },
            mails.map((mail) => line(app, mail)),
          )
        : h("p", { class: "part-empty" }, words.mailboxEmpty),
  );
}

const nameIn = (address) => (address ?? "").match(/^\s*"?([^"<]*[^"<\s])"?\s*</)?.[1] ?? address ?? "";

function line(app, mail) {
  const { clockZone: zone, locale, words, ui } = app;
  const at = Date.parse(mail.received_at);
  const today = inZone(at, zone).date === inZone(app.now(), zone).date;
  return h(
    "li",
    { key: mail.id },
    h(
      "button",
      {
        type: "button",
        class: `mail-line ${ui.mail.seen.has(mail.id) ? "" : "unseen"} ${app.hasJustCome(mail.id) ? "fresh" : ""}`,
        "data-mail-id": mail.id,
        onclick: () => {
          ui.mail.seen.add(mail.id);
          Object.assign(ui.mail, { open: mail.id, tab: mail.html ? "html" : "text" });
          app.render();
        },
      },
      h(
        "span",
        { class: "mail-top" },
        h("span", { class: "mail-from" }, nameIn(mail.from)),
        h(
          "time",
          { class: "mail-time" },
          today ? writeTime(at, zone, locale) : writeMoment(at, zone, locale, { day: "numeric", month: "short" }),
        ),
      ),
      h("span", { class: "mail-subject" }, mail.subject || words.noSubject),
      h("span", { class: "mail-to" }, `${words.to}: ${nameIn(mail.to)}`),
      h("span", { class: "mail-peek" }, (mail.text ?? "").replace(/\s+/g, " ").slice(0, 110)),
    ),
  );
}

function letter(app, mail) {
  const { words, ui, clockZone: zone, locale } = app;
  const tab = (name, label) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        class: "tab",
        "aria-selected": ui.mail.tab === name ? "true" : "false",
        onclick: () => {
          ui.mail.tab = name;
          app.render();
        },
      },
      label,
    );
  const row = (name, value) => [h("dt", null, name), h("dd", null, value)];
  return h(
    "article",
    { class: "letter", key: `mail ${mail.id}`, "data-mail-id": mail.id },
    h(
      "button",
      {
        type: "button",
        class: "back",
        onclick: () => {
          ui.mail.open = null;
          app.render();
        },
      },
      icon("chevronLeft"),
      words.back,
    ),
    h("h4", null, mail.subject || words.noSubject),
    h(
      "dl",
      { class: "mail-head" },
      row(words.from, mail.from),
      row(words.to, mail.to),
      row(words.subject, mail.subject),
      row(
        words.date,
        writeMoment(Date.parse(mail.received_at), zone, locale, { dateStyle: "full", timeStyle: "short" }),
      ),
    ),
    h(
      "div",
      { class: "tabs", role: "tablist", "aria-label": words.mailView },
      tab("html", words.html),
      tab("text", words.plainText),
      tab("headers", words.headers),
    ),
    ui.mail.tab === "html" && (mail.html ? frame(words.mailBody, mail) : h("p", { class: "part-empty" }, words.noHtml)),
    ui.mail.tab === "text" &&
      (mail.text
        ? h("pre", { class: "mail-text" }, withLinks(mail.text))
        : h("p", { class: "part-empty" }, words.noText)),
    ui.mail.tab === "headers" &&
      h(
        "dl",
        { class: "mail-headers" },
        (mail.headers ?? []).map(([name, value]) => row(name, value)),
      ),
  );
}

function frame(title, mail) {
  return h("iframe", {
    class: "mail-frame",
    key: mail.id,
    title,
    sandbox: SANDBOX,
    srcdoc: undressed(mail.html),
    onload: (event) => dress(event.target),
  });
}

/** The mail with its styles laid aside, where the page's rules do not look. */
const undressed = (html) =>
  html
    .replace(/<style\b/gi, "<template data-styles")
    .replace(/<\/style\b/gi, "</template")
    .replace(/<[a-z][^<>]*>/gi, (tag) => tag.replace(/\sstyle(?=\s*=)/i, " data-style"));

// A mail may name its parts as the browser names its own: <img name="querySelectorAll"> stands in the document's way, and
// <input name="style"> in its form's. So nothing is asked of the mail's document or elements by its name.
const property = (kind, name) => Object.getOwnPropertyDescriptor(kind.prototype, name);
const rootOf = (inner) => property(Document, "documentElement").get.call(inner);
const all = (inner, selector) => Document.prototype.querySelectorAll.call(inner, selector);
const attribute = (element, name) => Element.prototype.getAttribute.call(element, name);
const styleOf = (element) => {
  for (const kind of [HTMLElement, SVGElement, MathMLElement])
    try {
      return property(kind, "style").get.call(element);
    } catch {
      // It is of another kind.
    }
  return null;
};

/** Lay the mail's own styles on, let its links open elsewhere, and make the frame as high as the mail. */
function dress(node) {
  const inner = node.contentDocument;
  if (!inner || !rootOf(inner)) return;
  const sheets = [...all(inner, "template[data-styles]")].map((template) => {
    const sheet = new node.contentWindow.CSSStyleSheet();
    sheet.replaceSync(template.content.textContent);
    return sheet;
  });
  property(Document, "adoptedStyleSheets").set.call(inner, sheets);
  for (const styled of all(inner, "[data-style]")) {
    const style = styleOf(styled);
    if (style) style.cssText = attribute(styled, "data-style");
  }
  for (const anchor of all(inner, "a[href]")) {
    anchor.setAttribute("target", "_blank");
    anchor.setAttribute("rel", "noopener noreferrer");
  }
  node.style.height = `${Math.max(120, rootOf(inner).scrollHeight)}px`;
}
