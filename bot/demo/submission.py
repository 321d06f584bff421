"""Does Slack let a person submit this form?

The checks that Slack's own client makes before it sends anything: required inputs, addresses, numbers, lengths.
The bounds are those of the pages under docs.slack.dev/reference/block-kit/block-elements. No page has the sentences:
the first is what Slack's client shows (reported), the others are of its kind. Nor does one say what an address is to
Slack; here it is the plainest form.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from bot.demo.elements import TYPED, Placed, is_empty
from bot.demo.surfaces import View

REQUIRED = "Please complete this required field."
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_URL = re.compile(r"https?://[^\s/]+\S*", re.IGNORECASE)
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def submission_errors(view: View) -> dict[str, str]:
    """What the client shows under the inputs, by block_id; nothing if the form may be sent."""
    values = view.values
    errors: dict[str, str] = {}
    for placed in view.elements():
        held = values.get(placed.block_id, {}).get(placed.action_id)
        if not placed.is_input or held is None:
            continue
        if is_empty(held):
            if not placed.block.get("optional"):
                errors[placed.block_id] = REQUIRED
        elif placed.type in TYPED:
            wrong = text_error(placed, str(held["value"]))
            if wrong:
                errors[placed.block_id] = wrong
    return errors


def text_error(placed: Placed, value: str) -> str | None:
    """What is wrong with this text in this element."""
    if placed.type == "email_text_input":
        return None if _EMAIL.fullmatch(value) else "Please enter a valid email address."
    if placed.type == "url_text_input":
        return None if _URL.fullmatch(value) else "Please enter a valid URL."
    if placed.type == "number_input":
        return _number_error(placed, value)
    least, most = placed.element.get("min_length"), placed.element.get("max_length")
    if least is not None and len(value) < least:
        return f"Please enter at least {least} characters."
    if most is not None and len(value) > most:
        return f"Please enter at most {most} characters."
    return None


def _number_error(placed: Placed, value: str) -> str | None:
    if not _NUMBER.fullmatch(value):
        return "Please enter a valid number."
    if "." in value and not placed.element.get("is_decimal_allowed"):
        return "Please enter a whole number."
    number = Decimal(value)
    least, most = (_limit(placed, key) for key in ("min_value", "max_value"))
    if least is not None and number < least:
        return f"Please enter a number no less than {least}."
    if most is not None and number > most:
        return f"Please enter a number no greater than {most}."
    return None


def _limit(placed: Placed, key: str) -> Decimal | None:
    try:
        return Decimal(str(placed.element[key]))
    except (KeyError, InvalidOperation):
        return None
