"""In which order do the changes of one form take effect?

Slack sends each change in a request of its own, and several run side by side: a second choice is on its way before the
first one's update has arrived. Each request carries everything that was filled in until then, so of several the newest
alone matters; but it still carries the hash and the revisions of the form before the first one's update. Here is
remembered what this process has made of each form since, so that the newest change can go on from there, and an older
one that is late is left out. Going on means leaving alone what was filled in since: a person may be typing there.

What happened elsewhere meanwhile (the form was saved, or another process updated it) is not known here; Slack's own
hash then refuses the update.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager

from bot.slack.button_values import FormMetadata
from bot.slack.form_fields import FormFields
from bot.slack.set_aside import SetAside

REMEMBERED_FORMS = 1_000


@dataclasses.dataclass(slots=True)
class Progress:
    """What this process has made of one form. Changed only in a turn."""

    newest: float = 0.0
    """When the newest change that arrived was made."""
    hashes: dict[str, str] = dataclasses.field(default_factory=dict)
    """Which hash became which, by an update of this process."""
    hash: str = ""
    """That of the newest of these updates."""
    fields: FormFields = dataclasses.field(default_factory=FormFields)
    """What it filled in. What the chosen method or interval does not show is kept too: it may be changed back."""
    set_aside: SetAside = dataclasses.field(default_factory=SetAside)
    """What was typed before another template, or free text, was chosen."""
    metadata: FormMetadata = dataclasses.field(default_factory=FormMetadata)
    """What the form remembers since."""
    turn: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    def hash_now(self, before: str) -> str:
        """The hash that the form with the hash `before` has by now, as far as this process knows."""
        while before in self.hashes:
            before = self.hashes[before]
        return before

    def going_on(self, view_hash: str, fields: FormFields, metadata: FormMetadata) -> tuple[FormFields, FormMetadata]:
        """What stands by now in the form of which Slack sent `fields` and `metadata` as they stood at `view_hash`.

        A block that was replaced since holds what it was replaced by, not what Slack sent of the one before it. Of a
        form that was opened or updated elsewhere nothing is known here: it stands as Slack sent it.
        """
        if view_hash == self.hash:
            return fields.with_blocks_of(self.fields, ()), metadata
        if view_hash not in self.hashes:
            return fields, metadata
        replaced = [
            block for block, count in self.metadata.revisions.items() if count > metadata.revisions.get(block, 0)
        ]
        return fields.with_blocks_of(self.fields, replaced), self.metadata

    def updated(self, before: str, after: str, fields: FormFields, metadata: FormMetadata) -> None:
        """Remember an update."""
        if before != after:
            self.hashes[before] = after
        self.hash, self.fields, self.metadata = after, fields, metadata


class FormOrder:
    """The forms that were changed lately. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forms: OrderedDict[str, Progress] = OrderedDict()

    @contextmanager
    def turn(self, view_id: str, made_at: float | None) -> Iterator[Progress | None]:
        """Wait until no other change of this form is being answered; gives `None` if a newer one has arrived.

        A change that was not made in the form itself (`made_at` is `None`) is never out of date.
        """
        with self._lock:
            progress = self._forms.setdefault(view_id, Progress())
            progress.newest = progress.newest if made_at is None else max(progress.newest, made_at)
            self._forms.move_to_end(view_id)
            if len(self._forms) > REMEMBERED_FORMS:
                self._forms.popitem(last=False)
        with progress.turn:
            yield None if made_at is not None and made_at < progress.newest else progress
