// What does one see of a channel: its messages, and its files?

import { composer } from "./composer.js";
import { h } from "./dom.js";
import { filesOf } from "./files.js";
import { avatar, icon } from "./icons.js";
import { messages } from "./messages.js";
import { tabs } from "./tabs.js";

const FACES = 3;

export function channelPage(app, channel) {
  if (!channel) return null;
  const { words } = app;
  const tab = app.ui.place.tab === "files" ? "files" : "messages";
  const members = channel.members.map((id) => app.user(id)).filter(Boolean);
  return [
    h(
      "header",
      { class: "place-head tabbed", key: `head ${channel.id}` },
      h(
        "div",
        { class: "place-title" },
        icon(channel.is_private ? "lock" : "hash"),
        h("h1", null, channel.name),
        channel.topic && h("span", { class: "topic" }, channel.topic),
        h(
          "div",
          { class: "facepile", role: "img", "aria-label": words.members(members.length), title: words.members(members.length) },
          members.slice(0, FACES).map((user) => avatar(user, 24)),
          h("span", null, String(members.length)),
        ),
      ),
      tabs(app, {
        label: channel.name,
        panel: "channel-panel",
        here: tab,
        list: [
          ["messages", words.messages],
          ["files", words.files],
        ],
        go: (name) => app.go({ kind: "channel", id: channel.id, ...(name === "files" && { tab: "files" }) }),
      }),
    ),
    h(
      "div",
      {
        class: "app-panel",
        key: `panel ${channel.id} ${tab}`,
        id: "channel-panel",
        role: "tabpanel",
        "aria-labelledby": `tab-${tab}`,
      },
      tab === "files"
        ? filesOf(app, channel)
        : [
            messages(app, channel, [
              h("div", { class: "beginning-hash" }, icon(channel.is_private ? "lock" : "hash")),
              h("h2", null, `# ${channel.name}`),
              h("p", null, words.channelStart(channel.name)),
            ]),
            composer(app, channel, `#${channel.name}`),
          ],
    ),
  ];
}
