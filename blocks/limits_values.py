"""Does a date, an hour, a zone or a number exist, and do the bounds of an input agree with each other?

Formats and bounds from docs.slack.dev/reference/block-kit/block-elements: datepicker, timepicker, number_input,
plain_text_input.
"""

from __future__ import annotations

import re
from datetime import date, time
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from blocks.limits_shapes import Object, Report, child, string


def real_date(report: Report, pointer: str, value: object) -> None:
    """A day of the calendar, as `YYYY-MM-DD`."""
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
            date.fromisoformat(value)
            return
    except ValueError:
        pass
    report.add(pointer, "must be a date that exists, as YYYY-MM-DD")


def real_time(report: Report, pointer: str, value: object) -> None:
    """A minute of the day, as `HH:mm`."""
    try:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{2}:[0-9]{2}", value):
            time.fromisoformat(value)
            return
    except ValueError:
        pass
    report.add(pointer, "must be a time that exists, as HH:mm")


def number(value: object) -> Decimal | None:
    """The number that a text writes; None if it writes none."""
    if not isinstance(value, str) or not re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value):
        return None
    try:
        return Decimal(value)
    except InvalidOperation:  # thousands of digits
        return None


def numeral(report: Report, pointer: str, value: object) -> None:
    """A number, written as a text."""
    if number(value) is None:
        report.add(pointer, "must be a number, written as a string")


def number_is_possible(report: Report, pointer: str, value: Object) -> None:
    """The bounds of a number, and its first value, agree."""
    least, most, initial = (number(value.get(key)) for key in ("min_value", "max_value", "initial_value"))
    if value.get("is_decimal_allowed") is False:
        for key in ("min_value", "max_value", "initial_value"):
            if "." in str(value.get(key, "")):
                report.add(child(pointer, key), "has decimals, which are not allowed")
    if least is not None and most is not None and least > most:
        report.add(child(pointer, "min_value"), "is larger than max_value")
    if initial is not None and least is not None and initial < least:
        report.add(child(pointer, "initial_value"), "is less than min_value")
    if initial is not None and most is not None and initial > most:
        report.add(child(pointer, "initial_value"), "is more than max_value")


def text_is_possible(report: Report, pointer: str, value: Object) -> None:
    """The bounds of a text, and its first value, agree."""
    least, most, initial = (value.get(key) for key in ("min_length", "max_length", "initial_value"))
    if isinstance(least, int) and isinstance(most, int) and least > most:
        report.add(child(pointer, "min_length"), "is larger than max_length")
    if isinstance(initial, str) and isinstance(most, int):
        string(most, least=0)(report, child(pointer, "initial_value"), initial)


def zone(report: Report, pointer: str, value: object) -> None:
    """A time zone of the IANA database."""
    try:
        if isinstance(value, str):
            ZoneInfo(value)
            return
    except (KeyError, ValueError, OSError):
        pass
    report.add(pointer, "must be a time zone of the IANA database")
