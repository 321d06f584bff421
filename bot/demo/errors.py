"""What does the workspace say when it will not do something?

One exception carries Slack's own error word, be it the answer of a Web API method or what a person is shown.

    WorkspaceError
    ├── Refusal          the word goes to whoever asked
    └── ImpossibleInput  a browser would not have let a person do this
"""

from __future__ import annotations

from collections.abc import Sequence


class WorkspaceError(Exception):
    """The workspace did not do what was asked."""


class Refusal(WorkspaceError):
    """Refused with one of Slack's error words, and the messages that explain it."""

    def __init__(self, error: str, *, messages: Sequence[str] = (), **details: object) -> None:
        super().__init__(": ".join([error, *messages]))
        self.error = error
        self.messages = tuple(messages)
        self.details = details

    def answer(self) -> dict[str, object]:
        """The body that the Web API answers with (docs.slack.dev, "Using the Slack Web API")."""
        body: dict[str, object] = {"ok": False, "error": self.error, **self.details}
        if self.messages:
            body["response_metadata"] = {"messages": list(self.messages)}
        return body


class ImpossibleInput(WorkspaceError):
    """A browser would not have let a person do this."""
