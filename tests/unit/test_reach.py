"""Does the choice of a method say, before Save, why a client cannot be reached by it?"""

from __future__ import annotations

import dataclasses

import pytest

from bot.domain.model import Client, Method
from bot.domain.reach import Reachable, obstacles

ASA = Client(1, "Åsa Öberg", None, None, "sv", email_allowed=True, sms_allowed=True, active=True)
EVERYTHING = frozenset(Method)
NO_MAIL, BAD_MAIL = "No e-mail address.", "No valid e-mail address."
NO_PHONE, BAD_PHONE = "No mobile number.", "No valid mobile number."
MAIL_OFF, SMS_OFF = "E-mail is switched off for this client.", "SMS is switched off for this client."


def said(method: Method, reached: Reachable) -> list[str]:
    return [str(reason) for reason in obstacles(method, reached)]


@pytest.mark.parametrize(
    ("email", "phone", "off", "expected"),
    [
        ("a@post.example", "070-174 06 05", (), ([], [], [])),
        ("", "", (), ([NO_MAIL], [NO_PHONE], [NO_MAIL, NO_PHONE])),
        ("\u200b ", "\u200b", (), ([NO_MAIL], [NO_PHONE], [NO_MAIL, NO_PHONE])),
        ("a@localhost", "112", (), ([BAD_MAIL], [BAD_PHONE], [BAD_MAIL, BAD_PHONE])),
        ("a@post.example", "08-555 010 20", (), ([], [BAD_PHONE], [BAD_PHONE])),  # a landline
        ("a@post.example", "+358 40 123 4567", (), ([], [], [])),
        ("", "", ("email_allowed",), ([MAIL_OFF], [NO_PHONE], [MAIL_OFF, NO_PHONE])),
        ("a@post.example", "", ("sms_allowed",), ([], [SMS_OFF], [SMS_OFF])),
        (
            "a@post.example",
            "0701740605",
            ("email_allowed", "sms_allowed"),
            ([MAIL_OFF], [SMS_OFF], ["E-mail and SMS are switched off for this client."]),
        ),
    ],
)
def test_each_method_says_what_it_lacks(
    email: str, phone: str, off: tuple[str, ...], expected: tuple[list[str], list[str], list[str]]
) -> None:
    client = dataclasses.replace(ASA, **dict.fromkeys(off, False))  # type: ignore[arg-type]  # names of flags
    reached = Reachable(client, email, phone, "SE", EVERYTHING)
    assert (said(Method.EMAIL, reached), said(Method.SMS, reached), said(Method.BOTH, reached)) == expected
    assert said(Method.POST, reached) == said(Method.EXTERNAL, reached) == []


def test_of_no_client_nothing_is_said_but_what_is_not_set_up() -> None:
    reached = Reachable(None, "", "", "SE", {Method.EMAIL, Method.POST})
    assert [said(method, reached) for method in (Method.EMAIL, Method.SMS, Method.BOTH, Method.POST)] == [
        [],
        ["Not set up."],
        ["Not set up."],
        [],
    ]


def test_every_reason_fits_below_the_name_of_a_choice() -> None:
    clients = [
        dataclasses.replace(ASA, email_allowed=mail, sms_allowed=sms) for mail in (False, True) for sms in (False, True)
    ]
    for client in clients:
        for email in ("", "a@localhost"):
            for phone in ("", "112"):
                reached = Reachable(client, email, phone, "SE", EVERYTHING)
                assert all(len(" ".join(said(method, reached))) <= 70 for method in Method)
