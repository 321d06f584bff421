"""Before every send everything is looked at again, and the first thing in the way is the reason (rule P11)."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.model import Channel, Client, Patient, Reason, ReminderState
from bot.domain.recheck import Proceed, Situation, Stop, check

CLIENT = Client(
    id=1,
    name="Anna Berg",
    email="anna@example.se",
    phone="070-174 06 05",
    language="sv",
    email_allowed=True,
    sms_allowed=True,
    active=True,
)
PATIENT = Patient(id=2, client_id=1, name="Misse", species="cat", active=True, died_on=None)
EMAIL = Situation(ReminderState.ACTIVE, PATIENT, CLIENT, Channel.EMAIL, channel_set_up=True, country="SE")
SMS = dataclasses.replace(EMAIL, channel=Channel.SMS)
POST = dataclasses.replace(EMAIL, channel=Channel.POST)
EXTERNAL = dataclasses.replace(EMAIL, channel=Channel.EXTERNAL)

DEAD = dataclasses.replace(PATIENT, died_on=date(2026, 5, 4))
GONE = dataclasses.replace(PATIENT, active=False)


def _client(**changes: object) -> Client:
    return dataclasses.replace(CLIENT, **changes)  # type: ignore[arg-type]


def test_with_nothing_in_the_way_it_goes_to_the_clients_current_address() -> None:
    assert check(EMAIL) == Proceed("anna@example.se")
    assert check(SMS) == Proceed("+46701740605")
    moved = _client(email="ny@example.se", phone="+358 40 1234567")
    assert check(dataclasses.replace(EMAIL, client=moved)) == Proceed("ny@example.se")
    assert check(dataclasses.replace(SMS, client=moved)) == Proceed("+358401234567")


def test_an_address_typed_for_this_reminder_is_used_instead() -> None:
    assert check(dataclasses.replace(EMAIL, email_override="jobb@example.se")) == Proceed("jobb@example.se")
    assert check(dataclasses.replace(SMS, phone_override="+46701740606")) == Proceed("+46701740606")
    # an override of the other channel changes nothing
    assert check(dataclasses.replace(EMAIL, phone_override="+46701740606")) == Proceed("anna@example.se")
    assert check(dataclasses.replace(SMS, email_override="jobb@example.se")) == Proceed("+46701740605")


def test_an_address_typed_for_this_reminder_serves_a_client_without_one() -> None:
    without = _client(email=None, phone=None)
    assert check(dataclasses.replace(EMAIL, client=without, email_override="a@example.se")) == Proceed("a@example.se")


def test_the_external_service_needs_no_address_and_no_consent_to_email() -> None:
    silent = _client(email=None, phone=None, email_allowed=False, sms_allowed=False)
    assert check(dataclasses.replace(EXTERNAL, client=silent)) == Proceed("")


def test_post_becomes_a_task_for_staff() -> None:
    assert check(POST) == Stop(Reason.POST)
    assert check(dataclasses.replace(POST, channel_set_up=False)) == Stop(Reason.POST)
    assert Reason.POST.asks_staff


@pytest.mark.parametrize(
    ("situation", "reason", "asks_staff"),
    [
        (dataclasses.replace(EMAIL, state=ReminderState.CANCELLED), Reason.REMINDER_CANCELLED, False),
        (dataclasses.replace(EMAIL, state=ReminderState.PAUSED), Reason.REMINDER_PAUSED, False),
        (dataclasses.replace(EMAIL, patient=DEAD), Reason.PATIENT_DEAD, False),
        (dataclasses.replace(EMAIL, patient=GONE), Reason.PATIENT_INACTIVE, False),
        (dataclasses.replace(EMAIL, client=_client(active=False)), Reason.CLIENT_INACTIVE, False),
        (dataclasses.replace(POST, patient=DEAD), Reason.PATIENT_DEAD, False),
        (dataclasses.replace(EXTERNAL, patient=DEAD), Reason.PATIENT_DEAD, False),
        (dataclasses.replace(EMAIL, channel_set_up=False), Reason.CHANNEL_NOT_SET_UP, True),
        (dataclasses.replace(EXTERNAL, channel_set_up=False), Reason.CHANNEL_NOT_SET_UP, True),
        (dataclasses.replace(EMAIL, client=_client(email_allowed=False)), Reason.CHANNEL_NOT_ALLOWED, True),
        (dataclasses.replace(SMS, client=_client(sms_allowed=False)), Reason.CHANNEL_NOT_ALLOWED, True),
        (dataclasses.replace(EMAIL, client=_client(email=None)), Reason.NO_ADDRESS, True),
        (dataclasses.replace(EMAIL, client=_client(email=" ")), Reason.NO_ADDRESS, True),
        (dataclasses.replace(SMS, client=_client(phone=None)), Reason.NO_ADDRESS, True),
        (dataclasses.replace(EMAIL, client=_client(email="a@localhost")), Reason.ADDRESS_INVALID, True),
        (dataclasses.replace(SMS, client=_client(phone="08-123 456 78")), Reason.ADDRESS_INVALID, True),
        (dataclasses.replace(EMAIL, email_override="a@localhost"), Reason.ADDRESS_INVALID, True),
    ],
)
def test_what_stands_in_the_way_is_told(situation: Situation, reason: Reason, asks_staff: bool) -> None:
    assert check(situation) == Stop(reason)
    assert reason.asks_staff is asks_staff


def test_the_switch_of_the_other_channel_does_not_matter() -> None:
    assert check(dataclasses.replace(EMAIL, client=_client(sms_allowed=False))) == Proceed("anna@example.se")
    assert check(dataclasses.replace(SMS, client=_client(email_allowed=False))) == Proceed("+46701740605")


@given(
    st.sampled_from(ReminderState),
    st.sampled_from([PATIENT, DEAD, GONE, dataclasses.replace(DEAD, active=False)]),
    st.booleans(),
    st.sampled_from(Channel),
    st.booleans(),
    st.booleans(),
    st.sampled_from([None, "", "a@localhost", "anna@example.se"]),
)
def test_reasons_are_told_in_their_order(
    state: ReminderState,
    patient: Patient,
    active: bool,
    channel: Channel,
    set_up: bool,
    allowed: bool,
    email: str | None,
) -> None:
    client = _client(active=active, email_allowed=allowed, sms_allowed=allowed, email=email, phone=None)
    found = check(Situation(state, patient, client, channel, set_up, "SE"))
    expected: Proceed | Stop
    if state is not ReminderState.ACTIVE:
        cancelled = state is ReminderState.CANCELLED
        expected = Stop(Reason.REMINDER_CANCELLED if cancelled else Reason.REMINDER_PAUSED)
    elif patient.died_on is not None:
        expected = Stop(Reason.PATIENT_DEAD)
    elif not patient.active:
        expected = Stop(Reason.PATIENT_INACTIVE)
    elif not active:
        expected = Stop(Reason.CLIENT_INACTIVE)
    elif channel is Channel.POST:
        expected = Stop(Reason.POST)
    elif not set_up:
        expected = Stop(Reason.CHANNEL_NOT_SET_UP)
    elif channel is Channel.EXTERNAL:
        expected = Proceed("")
    elif not allowed:
        expected = Stop(Reason.CHANNEL_NOT_ALLOWED)
    elif channel is Channel.SMS or not email:
        expected = Stop(Reason.NO_ADDRESS)
    else:
        expected = Stop(Reason.ADDRESS_INVALID) if "localhost" in email else Proceed(email)
    assert found == expected


def test_an_address_does_not_show_in_a_log() -> None:
    assert "anna" not in repr(check(EMAIL))


def test_another_clients_patient_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="another client"):
        dataclasses.replace(EMAIL, patient=dataclasses.replace(PATIENT, client_id=9))
