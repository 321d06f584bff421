"""Who works at the sample clinic, and in which channels do they talk?"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from bot.demo.definition import Channel, Definition, Team, User

SAMPLE_CLINIC: Final = Path(__file__).parent / "sample_clinic.toml"
"""The clinic itself, with its clients, patients and templates."""

STAFF_CHANNEL = "C0STAFF0001"

_EVERYBODY = ("U0LINNEA001", "U0JAMES0002", "U0MARIA0003", "U0AINO00004")

SAMPLE_WORKSPACE = Definition(
    team=Team(id="T0EKEN00001", name="Djurkliniken Eken", domain="djurkliniken-eken"),
    zone="Europe/Stockholm",
    users=(
        User(
            id="U0JAMES0002",
            name="james",
            real_name="James Carter",
            title="Receptionist",
            locale="en-GB",
            color="2f6f8f",
        ),
        User(
            id="U0MARIA0003",
            name="maria",
            real_name="Maria Holm",
            title="Djursjuksköterska",
            locale="sv-SE",
            color="8f3f6f",
        ),
        User(
            id="U0LINNEA001",
            name="linnea",
            real_name="Linnea Berg",
            title="Clinic manager",
            is_admin=True,
            locale="en-US",
            color="5b7f3a",
        ),
        User(
            id="U0AINO00004",
            name="aino",
            real_name="Aino Laine",
            title="Eläinlääkäri",
            locale="fi-FI",
            color="8a5a1f",
        ),
    ),
    channels=(
        Channel(
            id="C0GENERAL01",
            name="general",
            members=_EVERYBODY,
            topic="Everything that concerns everybody",
        ),
        Channel(
            id=STAFF_CHANNEL,
            name="contact-clients",
            members=_EVERYBODY,
            topic="Clients to be contacted by a person",
            has_app=True,
        ),
    ),
)
