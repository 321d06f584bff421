"""In which order do the changes of one form take effect?

Slack sends each change in a request of its own, and several run side by side: a second choice is on its way before the
first one's update has arrived. Each request carries everything that was filled in until then, so of several the newest
alone matters; but it still carries the hash and the revisions of the form before the first one's update. Here is
remembered what this process has made of each form since, so that the newest change can go on from there, and an older
one that is late is left out.

What happened elsewhere meanwhile (the form was saved, or another process updated it) is not known here; Slack's own
hash then refuses the update.
"""

from __future__ import annotations

import dataclasses
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from blocks.ids import FormBlock

REMEMBERED_FORMS = 1_000


@dataclasses.dataclass(slots=True)
class Progress:
    """What this process has made of one form. Changed only in a turn."""

    newest: float = 0.0
    """When the newest change that arrived was made."""
    hashes: dict[str, str] = dataclasses.field(default_factory=dict)
    """Which hash became which, by an update of this process."""
    revisions: Mapping[FormBlock, int] = dataclasses.field(default_factory=dict)
    """The revisions in the newest of these updates."""
    texts: Mapping[FormBlock, str] = dataclasses.field(default_factory=dict)
    """The texts typed so far, those too that the method now chosen does not show: it may be changed back."""
    turn: threading.Lock = dataclasses.field(default_factory=threading.Lock)

    def hash_now(self, before: str) -> str:
        """The hash that the form with the hash `before` has by now, as far as this process knows."""
        while before in self.hashes:
            before = self.hashes[before]
        return before

    def updated(
        self, before: str, after: str, revisions: Mapping[FormBlock, int], texts: Mapping[FormBlock, str]
    ) -> None:
        """Remember an update."""
        self.texts = texts
        if before != after:
            self.hashes[before] = after
        self.revisions = revisions


class FormOrder:
    """The forms that were changed lately. Safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._forms: OrderedDict[str, Progress] = OrderedDict()

    @contextmanager
    def turn(self, view_id: str, made_at: float) -> Iterator[Progress | None]:
        """Wait until no other change of this form is being answered; gives `None` if a newer one has arrived."""
        with self._lock:
            progress = self._forms.setdefault(view_id, Progress())
            progress.newest = max(progress.newest, made_at)
            self._forms.move_to_end(view_id)
            if len(self._forms) > REMEMBERED_FORMS:
                self._forms.popitem(last=False)
        with progress.turn:
            yield None if made_at < progress.newest else progress
