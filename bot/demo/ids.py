"""What do Slack's ids look like?

As in the examples of docs.slack.dev; how long they are is documented nowhere.
"""

from __future__ import annotations

import secrets
import string

_ALPHABET = string.ascii_uppercase + string.digits


def slack_id(letter: str) -> str:
    """A new id such as Slack gives: a letter for the kind, then ten letters and digits."""
    return letter + "".join(secrets.choice(_ALPHABET) for _ in range(10))
