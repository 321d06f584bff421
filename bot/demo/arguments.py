"""What did the app pass to the method?

Arguments come in the query, as a form of either kind or as JSON; in a form, objects are JSON strings and lists may be
joined by commas (docs.slack.dev, "Using the Slack Web API"; slack_sdk/web/base_client.py). Among the valid types the
error `invalid_post_type` names text/plain; how such a body is read is not documented, here as a form. A JSON content
type with an empty body happens: that is how slack_sdk calls `auth.test`. Which charsets there may be, and of which
letters a name is, are on the page of every method (`invalid_charset`, `invalid_arg_name`); that a name with brackets
is what `invalid_array_arg` means is our reading.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.message import Message
from typing import Any
from urllib.parse import parse_qsl

from bot.demo import multipart
from bot.demo.errors import Refusal
from bot.demo.json_text import parsed

Object = dict[str, Any]

_FORMS = ("application/x-www-form-urlencoded", "text/plain")
_CHARSETS = {"": "utf-8", "utf-8": "utf-8", "iso-8859-1": "iso-8859-1"}
_NAME = re.compile(r"[A-Za-z0-9_]+")


class Arguments:
    """The arguments of one call."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = {key: value for key, value in given.items() if value is not None}

    @classmethod
    def read(cls, query: Mapping[str, str], content_type: str, body: bytes) -> Arguments:
        """Read them from a request."""
        given: Object = dict(query)
        charset = _charset(content_type)
        if body and content_type.startswith("application/json"):
            try:
                found = parsed(body)
            except ValueError:
                raise Refusal("invalid_json") from None
            if not isinstance(found, dict):
                raise Refusal("json_not_object")
            given |= found
        elif body and content_type.startswith(_FORMS):
            given |= dict(parse_qsl(body.decode(charset, "replace"), keep_blank_values=True))
        elif body and content_type.startswith(multipart.KIND):
            given |= multipart.fields(content_type, body)
        elif body:
            raise Refusal("invalid_post_type" if content_type else "missing_post_type")
        for name in given:
            if not _NAME.fullmatch(name):
                raise Refusal("invalid_array_arg" if "[" in name else "invalid_arg_name")
        return cls(given)

    def __contains__(self, name: str) -> bool:
        return name in self._given

    def raw(self) -> Mapping[str, Any]:
        """All of them as they came."""
        return self._given

    def text(self, name: str, default: str = "") -> str:
        """A text; a number is taken as its text."""
        value = self._given.get(name, default)
        if isinstance(value, str | int | float) and not isinstance(value, bool):
            return str(value)
        raise Refusal("invalid_arguments", messages=[f"[ERROR] must be a string [json-pointer:/{name}]"])

    def required(self, name: str) -> str:
        """A text that must be there."""
        value = self.text(name)
        if not value:
            raise Refusal("invalid_arguments", messages=[f"[ERROR] missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        """A yes or no: true, "true" and "1" are yes."""
        return self._given.get(name) in (True, "true", "True", "1", 1)

    def number(self, name: str, default: int) -> int:
        """A whole number."""
        try:
            return int(self._given.get(name, default))
        except (TypeError, ValueError):
            raise Refusal("invalid_arguments", messages=[f"[ERROR] must be a number [json-pointer:/{name}]"]) from None

    def object(self, name: str) -> Object:
        """A JSON object, perhaps written as a string."""
        value = self._given.get(name)
        if isinstance(value, str):
            try:
                value = parsed(value)
            except ValueError:
                value = None
        if not isinstance(value, dict):
            messages = [f"[ERROR] missing required field: {name}" if value is None else "[ERROR] must be an object"]
            raise Refusal("invalid_arguments", messages=messages)
        return value

    def array(self, name: str) -> list[Any]:
        """A JSON list, perhaps written as a string."""
        value = self._given.get(name)
        if isinstance(value, str):
            try:
                value = parsed(value)
            except ValueError:
                value = None
        if not isinstance(value, list):
            raise Refusal("invalid_arguments", messages=[f"[ERROR] must be an array [json-pointer:/{name}]"])
        return value

    def several(self, name: str) -> list[str]:
        """A list of texts, perhaps joined by commas."""
        value = self._given.get(name, "")
        if isinstance(value, list):
            return [str(item) for item in value]
        return [item.strip() for item in self.text(name).split(",") if item.strip()]


def _charset(content_type: str) -> str:
    said = Message()
    said["content-type"] = content_type
    charset = _CHARSETS.get(str(said.get_param("charset", "")).lower())
    if charset is None:
        raise Refusal("invalid_charset")
    return charset
