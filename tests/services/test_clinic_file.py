"""Is a clinic's file read as it was meant, and a mistake in it named, with nothing stored?"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.domain.closed_days import ClosedDays
from bot.public_holidays import PublicHolidays
from bot.sample_workspace import SAMPLE_CLINIC
from bot.services import clinic_file
from bot.services.clinic_file import ClinicFileError
from bot.store import clinics, directory, templates
from bot.store.database import Database
from bot.store.tables import Base
from tests.store.rows import NOW

GOOD = """
[clinic]
name = "Kliniken"
phone = "08-123 45 67"
time_zone = "Europe/Stockholm"
language = "sv"
country = "SE"
staff_channel = "C0STAFF0001"
sender_email = "klinik@example.com"

[[client]]
name = "Astrid Lindqvist"
email = "astrid@example.com"
phone = "070-174 06 77"
language = "sv"
patients = [{ name = "Maja", species = "hund" }]

[[template]]
name = "Vaccination"
[template.sv]
subject = "Om {{ patient_name }}"
email = "Hej {{ client_first_name }}!"
sms = "Hej!"
letter = "Hej!"
"""
PRIVATE = ("Astrid", "Lindqvist", "astrid@", "06 77", "Maja")


def test_the_sample_clinic_is_stored_whole(database: Database) -> None:
    clinic = clinic_file.load(database, "T1", clinic_file.read(SAMPLE_CLINIC), now=NOW)
    assert clinic.name == "Djurkliniken Eken"
    with database.reading() as session:
        workspace = clinics.workspace_id(session, "T1")
        assert workspace is not None
        assert clinics.of_workspace(session, workspace) == [clinic]
        assert len(directory.search_clients(session, workspace, "", 100)) >= 8
        assert len(directory.search_patients(session, workspace, "", 100)) >= 12
        offered = templates.offered(session, workspace)
        assert [name for _, name in offered] == ["Hälsokontroll", "Parasitbehandling", "Tandkontroll", "Vaccination"]
        for template, _ in offered:
            for language in ("sv", "en"):
                found = templates.find(session, workspace, template, language)
                assert found is not None
                assert found.language == language
                assert all((found.texts.subject, found.texts.email, found.texts.sms, found.texts.letter))


def test_what_is_left_out_has_its_usual_value(database: Database, tmp_path: Path) -> None:
    clinic = clinic_file.load(database, "T1", _read(tmp_path, GOOD), now=NOW)
    assert (clinic.hours.send_time.hour, clinic.hours.opens.hour, clinic.hours.closes.hour) == (9, 8, 20)
    assert (clinic.default_method.value, clinic.policy_note) == ("email", "")
    with database.reading() as session:
        (found,) = directory.search_clients(session, clinic.workspace_id, "astrid", 10)
    assert found.client.phone == "+46701740677"
    assert (found.client.email_allowed, found.client.sms_allowed, found.client.active) == (True, True, True)
    assert found.patients == ("Maja",)


def test_a_clinic_has_its_days_without_sends(database: Database, tmp_path: Path) -> None:
    closed = 'closed_weekdays = ["sunday", "saturday"]\nclosed_on_holidays = true\nsubdivision = "BY"'
    file = _read(tmp_path, GOOD.replace('country = "SE"', f'country = "DE"\n{closed}').replace("070-174", "+4670-174"))
    clinic = clinic_file.load(database, "T1", file, now=NOW)
    assert clinic.hours.closed == ClosedDays(frozenset({6, 7}), PublicHolidays("DE", "BY"))
    with database.reading() as session:
        assert clinics.of_workspace(session, clinic.workspace_id) == [clinic]


def test_a_name_that_grows_when_it_is_made_findable_is_stored_all_the_same(database: Database, tmp_path: Path) -> None:
    name = "ﷺ" * 200  # one letter that stands for eighteen
    clinic = clinic_file.load(database, "T1", _read(tmp_path, GOOD.replace("Astrid Lindqvist", name)), now=NOW)
    with database.reading() as session:
        assert directory.search_clients(session, clinic.workspace_id, "0701740677", 10)[0].client.name == name


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ('name = "Kliniken"\n', "", "clinic.name"),
        ('"Kliniken"', '""', "clinic.name"),
        ('"Kliniken"', f'"{"x" * 201}"', "clinic.name"),
        ("Europe/Stockholm", "Europe/Stockolm", "clinic.time_zone"),
        ("Europe/Stockholm", "../../etc/passwd", "clinic.time_zone"),
        ("Europe/Stockholm", "", "clinic.time_zone"),
        ("Europe/Stockholm", "localtime", "clinic.time_zone"),
        ("Europe/Stockholm", "posixrules", "clinic.time_zone"),
        ("Europe/Stockholm", "Factory", "clinic.time_zone"),
        ('language = "sv"\ncountry', 'language = "xx"\ncountry', "clinic.language"),
        ('language = "sv"\npatients', 'language = "xx"\npatients', "client.0.language"),
        ("[template.sv]", "[template.xx]", "template.0"),
        ('"SE"', '"UK"', "clinic.country"),
        ('"SE"', '"ZZ"', "clinic.country"),
        ("[[client]]", 'send_time = "09:00:00+05:00"\n[[client]]', "clinic.send_time"),
        ("[[client]]", 'opens = "08:00:00Z"\n[[client]]', "clinic.opens"),
        ('language = "sv"\ncountry', 'language = "svenska"\ncountry', "clinic.language"),
        ('"SE"', '"Sverige"', "clinic.country"),
        ("C0STAFF0001", "#staff", "clinic.staff_channel"),
        ("klinik@example.com", "klinik", "clinic.sender_email"),
        ("klinik@example.com", "a@example.com, b@example.com", "clinic.sender_email"),
        ("[[client]]", "send_time = 07:00:00\n[[client]]", "clinic"),
        ("[[client]]", "opens = 21:00:00\n[[client]]", "clinic"),
        ("[[client]]", 'default_method = "pigeon"\n[[client]]', "clinic.default_method"),
        ("[[client]]", 'closed_weekdays = ["caturday"]\n[[client]]', "clinic.closed_weekdays.0"),
        ("[[client]]", f"closed_weekdays = {list(clinic_file.WEEKDAYS)}\n[[client]]", "clinic"),
        ("[[client]]", 'closed_on_holidays = true\nsubdivision = "BY"\n[[client]]', "clinic"),
        ("[[client]]", 'subdivision = "BY"\n[[client]]', "clinic"),
        ('"SE"', '"XX"\nclosed_on_holidays = true', "clinic"),
        ("[[client]]", 'colour = "red"\n[[client]]', "clinic.colour"),
        ('"astrid@example.com"', '"astrid@localhost"', "client.0.email"),
        ('"Astrid Lindqvist"', '"Astrid\\u0000Lindqvist"', "client.0.name"),
        ('"Astrid Lindqvist"', '"   "', "client.0.name"),
        ('"Astrid Lindqvist"', '"\u200b"', "client.0.name"),
        ('"Astrid Lindqvist"', '"Astrid\u202eLindqvist"', "client.0.name"),
        ('"Astrid Lindqvist"', '"Astrid\u2028Lindqvist"', "client.0.name"),
        ('sms = "Hej!"', f'sms = "{"x" * 1001}"', "template.0.sv.sms"),
        ('letter = "Hej!"', 'letter = "Hej\\u0007!"', "template.0.sv.letter"),
        ('name = "Maja"', 'name = ""', "client.0.patients.0.name"),
        ('species = "hund"', 'species = "hund", died_on = 2026-13-01', "TOML"),
        ('name = "Maja", ', "", "client.0.patients.0.name"),
        ("{{ patient_name }}", "{{ patient_nam }}", "template.0.sv"),
        ("{{ patient_name }}", "{{ patient_name }", "template.0.sv"),
        ("{{ client_first_name }}", "{{ client_name.__class__ }}", "template.0.sv"),
        ('sms = "Hej!"', 'sms = ""', "template.0.sv.sms"),
        ('sms = "Hej!"\n', "", "template.0.sv.sms"),
        ("[template.sv]", "[template.swedish]", "template.0"),
        ("[[client]]", "[[client", "TOML"),
        ("[[client]]", "[[clients]]", "clients"),
    ],
)
def test_a_mistake_is_named_by_its_field(tmp_path: Path, old: str, new: str, field: str) -> None:
    assert old in GOOD
    with pytest.raises(ClinicFileError) as refused:
        _read(tmp_path, GOOD.replace(old, new, 1))
    lines = str(refused.value).splitlines()
    assert any(field in line.partition(": ")[0] for line in lines), lines
    assert all(len(line.partition(": ")[2]) > 5 for line in lines)
    assert not [word for word in PRIVATE if word in str(refused.value)]


@pytest.mark.parametrize("number", ["112", "call me", "070", "+999 1234567"])
def test_a_number_that_nobody_can_call_is_named_and_nothing_is_stored(
    database: Database, tmp_path: Path, number: str
) -> None:
    second = f'[[client]]\nname = "Bo"\nlanguage = "sv"\nphone = "{number}"\n[[template]]'
    file = _read(tmp_path, GOOD.replace("[[template]]", second, 1))
    with pytest.raises(ClinicFileError, match=r"^client\.1\.phone: .{10,}") as refused:
        clinic_file.load(database, "T1", file, now=NOW)
    assert number not in str(refused.value)
    assert _stored(database) == {}


def test_every_mistake_is_named_at_once(tmp_path: Path) -> None:
    with pytest.raises(ClinicFileError) as refused:
        _read(tmp_path, GOOD.replace('"SE"', '"Sverige"').replace('"astrid@example.com"', '"astrid"'))
    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == ["clinic.country", "client.0.email"]


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", "name = 'Å'".encode("latin-1")])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "clinic.toml"
    file.write_bytes(content)
    with pytest.raises(ClinicFileError, match="the file cannot be read"):
        clinic_file.read(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ClinicFileError, match="the file cannot be read: FileNotFoundError"):
        clinic_file.read(tmp_path / "clinic.toml")


def test_a_clinic_is_loaded_once_and_a_second_one_beside_it(database: Database, tmp_path: Path) -> None:
    first = clinic_file.load(database, "T1", _read(tmp_path, GOOD), now=NOW)
    before = _stored(database)
    with pytest.raises(ClinicFileError, match=r"clinic\.name: a clinic of this name is there already"):
        clinic_file.load(database, "T1", _read(tmp_path, GOOD), now=NOW)
    assert _stored(database) == before
    second = clinic_file.load(database, "T1", _read(tmp_path, GOOD.replace("Kliniken", "Filialen")), now=NOW)
    assert second.workspace_id == first.workspace_id
    with database.reading() as session:
        assert len(templates.offered(session, first.workspace_id)) == 1
    other = clinic_file.load(database, "T2", _read(tmp_path, GOOD), now=NOW)
    assert other.workspace_id != first.workspace_id


def _read(folder: Path, content: str) -> clinic_file.ClinicFile:
    file = folder / "clinic.toml"
    file.write_text(content, encoding="utf-8")
    return clinic_file.read(file)


def _stored(database: Database) -> dict[str, Any]:
    """How many rows each table has, of those that have any."""
    with database.reading() as session:
        counts = {
            table.name: session.scalar(select(func.count()).select_from(table)) for table in Base.metadata.sorted_tables
        }
    return {name: count for name, count in counts.items() if count}
