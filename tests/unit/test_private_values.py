"""Does anything that is written out by accident, in an error or a log line, show what is private (rule P18)?"""

from __future__ import annotations

import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import bot.channels
import bot.domain
import bot.services
import bot.slack
import bot.store
from bot.domain.model import Client, Texts

PUBLIC = frozenset(
    {
        *(
            "actor",
            "who",
            "closed_by",
            "by",
            "undone_by",
            "created_by",
            "made_by",
            "owner",
            "team_id",
            "user_id",
            "named",
            "scopes",
        ),  # Slack's own ids and words
        *("card_channel", "card_ts", "staff_channel", "hash", "hashes", "id", "key", "fingerprint", "message_id"),
        *(
            "clinic_name",
            "sender",
            "reply_to",
            "user",
            "host",
            "scheme",
            "options",
        ),  # the clinic's own, which its clients see
        *(
            "language",
            "template_language",
            "locale",
            "country",
            "method",
            "recurrence",
            "code",
            "provider_ref",
        ),  # one of a few words
        *("due_date", "send_before", "repetitions"),  # dates and numbers, as they were typed
        *("word", "translated", "description"),  # the table of commands
        *("Message.text", "Message.plural"),  # with their places not filled in
        *(
            "zone",
            "zones",
            "time_zone",
            "subdivision",
            "subdivisions",
            "languages",
            "holiday_countries",
        ),  # out of fixed lists
        *("address_for", "months"),  # out of fixed lists too
        *("Patient.species", "FormMetadata.form", "SettingsMetadata.form", "Form.kept_language"),
    }
)
"""The fields of text that may be shown: by name, or of one class."""

_TEXT = re.compile(r"\b(str|bytes|Any|object)\b")


def kinds() -> Iterator[type]:
    for package in (bot.domain, bot.store, bot.services, bot.channels, bot.slack):
        for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            if found.ispkg:
                continue
            module = importlib.import_module(found.name)
            for kind in vars(module).values():
                if isinstance(kind, type) and dataclasses.is_dataclass(kind) and kind.__module__ == found.name:
                    yield kind


@pytest.mark.parametrize("kind", [*kinds()], ids=lambda kind: kind.__name__)
def test_every_text_that_is_not_known_to_be_public_is_left_out_of_what_is_shown(kind: type) -> None:
    shown = {
        field.name
        for field in dataclasses.fields(kind)
        if field.repr and _TEXT.search(str(field.type)) and not {field.name, f"{kind.__name__}.{field.name}"} & PUBLIC
    }
    if "__repr__" in vars(kind):  # else it is written out as an object's address alone
        assert not shown


def test_a_client_and_texts_are_shown_without_what_is_private() -> None:
    texts = Texts("hush", "hush", "hush", "hush")
    client = Client(
        id=7,
        name="hush",
        email="hush@post.example",
        phone="hush",
        language="sv",
        email_allowed=True,
        sms_allowed=True,
        active=True,
    )
    assert "hush" not in f"{texts!r} {client!r} {[client]}"
    assert "id=7" in repr(client)
