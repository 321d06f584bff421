"""Is the form of settings read as it was filled in, and refused where the bot did not write it?"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocks.ids import SettingsBlock
from bot.domain.clinic_rules import ClinicSettings
from bot.domain.errors import ClinicField, SettingsRefused
from bot.domain.model import Method
from bot.domain.rights import Editors, TemplateEditors
from bot.i18n import Catalogues
from bot.services.clinic_settings import Meanwhile, StoredSettings, Versions
from bot.slack import settings_fields, settings_meanwhile
from bot.slack.button_values import LARGEST_ID, MOST_REPLACED, Unreadable
from bot.slack.settings_fields import FIELDS, SettingsMetadata, values_of
from bot.slack.staff_channel import judge

SETTINGS = ClinicSettings(
    name="Kliniken",
    phone="08-1",
    zone="Europe/Helsinki",
    send_time=time(9, 30),
    opens=time(8),
    closes=time(20),
    closed_weekdays=frozenset({6, 7}),
    closed_on_holidays=True,
    subdivision="01",
    country="FI",
    language="sv",
    staff_channel="C0STAFF0001",
    sender_email="hej@example.com",
    default_method=Method.SMS,
    policy_note="Kort.\nVänligt.",
    sender_name="Eken",
    reply_to="svar@example.com",
    template_editors=TemplateEditors(Editors.NAMED, frozenset({"U0MARIA0003"})),
)
IDS = st.integers(1, LARGEST_ID)
WRITTEN = SettingsMetadata(1, Versions(2, 3), revisions={SettingsBlock.ZONE: 4}, country="SE").encode()


def test_what_is_filled_in_from_settings_gives_those_settings() -> None:
    assert settings_fields.settings(values_of(SETTINGS)) == SETTINGS
    assert set(values_of(SETTINGS)) == set(FIELDS) == {SettingsBlock(field.value) for field in ClinicField}


@pytest.mark.parametrize(
    ("block", "value", "field"),
    [
        (SettingsBlock.SEND_TIME, "", ClinicField.SEND_TIME),
        (SettingsBlock.OPENS, "24:00", ClinicField.OPENS),
        (SettingsBlock.CLOSES, "١٠:00", ClinicField.CLOSES),
        (SettingsBlock.DEFAULT_METHOD, "pigeon", ClinicField.DEFAULT_METHOD),
        (SettingsBlock.DEFAULT_METHOD, "", ClinicField.DEFAULT_METHOD),
        (SettingsBlock.TEMPLATE_EDITORS, "nobody", ClinicField.TEMPLATE_EDITORS),
    ],
)
def test_a_choice_that_cannot_be_is_refused_under_its_field(
    block: SettingsBlock, value: str, field: ClinicField
) -> None:
    with pytest.raises(SettingsRefused) as refused:
        settings_fields.settings({**values_of(SETTINGS), block: value})
    assert list(refused.value.refusals) == [field]


def test_a_day_that_is_none_is_left_to_the_rules() -> None:
    days = frozenset({"1", "8", "x"})
    assert settings_fields.settings({**values_of(SETTINGS), SettingsBlock.CLOSED_WEEKDAYS: days}).closed_weekdays == {
        0,
        1,
    }


@given(
    st.builds(
        SettingsMetadata,
        clinic_id=st.none() | IDS,
        versions=st.builds(Versions, IDS, IDS),
        is_first=st.booleans(),
        form=st.from_regex("[0-9a-f]{0,16}", fullmatch=True),
        country=st.sampled_from(["", "SE", "FI"]),
        kept=st.frozensets(st.sampled_from(SettingsBlock)),
        revisions=st.dictionaries(st.sampled_from(SettingsBlock), st.integers(0, MOST_REPLACED)),
    )
)
def test_what_was_written_is_read_as_it_was(metadata: SettingsMetadata) -> None:
    assert SettingsMetadata.decode(metadata.encode()) == metadata
    assert len(metadata.encode()) <= 3000


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("clinic", "0"),
        ("clinic", '"1"'),
        ("versions", "[1]"),
        ("versions", "[1, null]"),
        ("versions", "[1, 2, 3]"),
        ("first", "1"),
        ("form", '"x"'),
        ("country", '"Sverige"'),
        ("kept", '["colour"]'),
        ("revisions", '{"zone": 1e999}'),
        ("revisions", '{"zone": 10000}'),
        ("revisions", '{"colour": 1}'),
        ("revisions", "[]"),
    ],
)
def test_metadata_that_the_bot_did_not_write_is_refused(field: str, value: str) -> None:
    read = {**json.loads(WRITTEN), field: "here"}
    with pytest.raises(Unreadable):
        SettingsMetadata.decode(json.dumps(read).replace('"here"', value))


@pytest.mark.parametrize("text", ["", "null", "[" * 3000, "{}", "\ud800"])
def test_metadata_of_another_kind_is_refused(text: str) -> None:
    with pytest.raises(Unreadable):
        SettingsMetadata.decode(text)


@pytest.mark.parametrize("values", [{"colour": {"x": {"value": "1"}}}, {"name": {"other": {"value": "1"}}}])
def test_a_form_of_another_version_is_refused(values: Mapping[str, Any]) -> None:
    with pytest.raises(Unreadable):
        settings_fields.read({"state": {"values": values}})


@given(st.frozensets(st.sampled_from(FIELDS)), st.frozensets(st.sampled_from(FIELDS)))
def test_of_two_who_change_settings_neither_loses_what_the_other_left_alone(
    mine: frozenset[SettingsBlock], theirs: frozenset[SettingsBlock]
) -> None:
    """A text field stands for all: whoever touched it last in the form keeps it, the rest is taken over."""
    before = values_of(SETTINGS)
    texts = {block for block in FIELDS if block in (SettingsBlock.NAME, SettingsBlock.PHONE, SettingsBlock.SENDER_NAME)}
    other = {block.value.replace("-", "_"): "theirs" for block in theirs & texts}
    now = StoredSettings(1, Versions(2, 1), _changed(other))
    filled = {**before, **dict.fromkeys(mine & texts, "mine")}
    found = Meanwhile(now, [])
    form = settings_meanwhile.put_together(
        filled, mine & texts, SettingsMetadata(1, Versions(1, 1)), found, Catalogues.load().words("en")
    )
    for block in texts:
        wanted = "mine" if block in mine else "theirs" if block in theirs else before[block]
        assert form.values[block] == wanted
    assert form.metadata.versions == (2, 1)
    assert settings_meanwhile.is_the_same(filled, found) is (not (mine | theirs) & texts)


def _changed(values: Mapping[str, str]) -> ClinicSettings:
    return ClinicSettings(**{**{name: getattr(SETTINGS, name) for name in SETTINGS.__slots__}, **values})


MEMBER = {"id": "C0STAFF0001", "is_channel": True, "is_member": True}


@pytest.mark.parametrize(
    ("described", "says"),
    [
        ({}, ""),
        ({"is_private": True, "is_group": True}, ""),
        ({"is_member": False}, "type /invite"),
        ({"is_archived": True, "is_member": False}, "archived"),
        ({"is_ext_shared": True}, "another organisation"),
        ({"is_pending_ext_shared": True}, "another organisation"),
        ({"is_im": True}, "not to direct messages"),
        ({"is_mpim": True}, "not to direct messages"),
    ],
)
def test_what_slack_says_of_a_channel_decides_whether_it_can_be_the_staffs(
    described: Mapping[str, bool], says: str
) -> None:
    problem = judge({**MEMBER, **described})
    assert (problem is None) is (says == "")
    assert says in str(problem)
