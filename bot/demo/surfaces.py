"""What does a person have before their eyes: a message, or a view?

Frozen values; a change makes a new one. Their dictionaries are the ones Slack's Web API returns (docs.slack.dev,
"View payloads" and "Retrieving messages").
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.demo.elements import Placed, initial_values, merged, placed_elements

Object = dict[str, Any]
Values = Mapping[str, Mapping[str, Object]]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message in one conversation."""

    ts: str
    channel: str
    user: str
    """Who wrote it: a person's id, or the app's bot user."""
    text: str
    blocks: Sequence[Object] | None = None
    username: str | None = None
    """Another name that the app chose to write under."""
    visible_to: str | None = None
    """The only person who sees it, if it is ephemeral."""
    edited: bool = False
    metadata: Object | None = None
    thread_ts: str | None = None
    """The `ts` of the message that it replies to."""
    broadcast: bool = False
    """Is a reply shown in the conversation too?"""
    files: Sequence[Object] = ()
    """The files that came with it, as Slack's file objects."""
    attachments: Sequence[Object] = ()
    """What stands below it, in the older form that may hold blocks too."""

    @property
    def ephemeral(self) -> bool:
        """Is it seen by one person only?"""
        return self.visible_to is not None

    @property
    def every_block(self) -> list[Object]:
        """Its blocks, then those in its attachments."""
        attached = (block for attachment in self.attachments for block in attachment.get("blocks", ()))
        return [*(self.blocks or ()), *attached]

    def elements(self) -> Iterator[Placed]:
        """Its buttons, menus and other elements, also those in attachments."""
        yield from placed_elements(self.every_block)

    def shown(self) -> str:
        """All the text a person reads in it, one piece a line."""
        own = _texts(self.blocks) if self.blocks else filter(None, [self.text])
        return "\n".join([*own, *(text for attachment in self.attachments for text in _attached(attachment))])


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """A modal or a Home tab as one person has it open, with what they typed."""

    id: str
    user_id: str
    hash: str
    fields: Object
    """What the app gave: type, title, blocks, …"""
    root_view_id: str
    previous_view_id: str | None = None
    conversation_id: str | None = None
    """The conversation that the person looked at when it was opened."""
    typed: Values = dataclasses.field(default_factory=dict)

    @property
    def type(self) -> str:
        """`modal` or `home`."""
        return str(self.fields["type"])

    @property
    def title(self) -> str:
        """The title's text."""
        return str((self.fields.get("title") or {}).get("text", ""))

    @property
    def callback_id(self) -> str:
        """What the app calls this view."""
        return str(self.fields.get("callback_id", ""))

    @property
    def external_id(self) -> str:
        """The app's own unique id for it, or nothing."""
        return str(self.fields.get("external_id", ""))

    @property
    def private_metadata(self) -> str:
        """What the app keeps with it."""
        return str(self.fields.get("private_metadata", ""))

    @property
    def blocks(self) -> Sequence[Object]:
        """Its blocks."""
        blocks: Sequence[Object] = self.fields["blocks"]
        return blocks

    @property
    def values(self) -> dict[str, dict[str, Object]]:
        """`state.values`: every stateful element, typed or as it began."""
        return merged(initial_values(self.blocks, self.conversation_id), self.typed)

    def elements(self) -> Iterator[Placed]:
        """Its inputs, buttons and other elements."""
        return placed_elements(self.blocks)

    def shown(self) -> str:
        """All the text a person reads in it, one piece a line."""
        return "\n".join(_texts(self.blocks))


def _attached(attachment: Object) -> Iterator[str]:
    if attachment.get("blocks"):
        yield from _texts(attachment["blocks"])
        return
    for key in ("pretext", "author_name", "title", "text", "fields", "footer"):
        said = attachment.get(key)
        if isinstance(said, str) and said:
            yield said
        for field in said if isinstance(said, list) else ():
            yield from (str(field[part]) for part in ("title", "value") if field.get(part))


_READ = frozenset({"plain_text", "mrkdwn", "markdown", "text", "link", "raw_text", "raw_number"})


def _texts(value: object) -> Iterator[str]:
    """Texts, labels and headings in the order of the blocks; the options of closed menus are not shown."""
    if isinstance(value, Mapping):
        if value.get("type") in _READ and isinstance(value.get("text"), str):
            yield value["text"]
            return
        hidden = () if value.get("type") in ("radio_buttons", "checkboxes") else ("options", "option_groups", "confirm")
        for key, inner in value.items():
            if key not in hidden and not key.startswith("initial_"):
                yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
