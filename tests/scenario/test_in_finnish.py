"""Is somebody whose Slack is Finnish answered in Finnish, and a client who reads Finnish written to in it (rule P17)?

Finnish is long: whatever the bot shows here is held against Slack's limits too, as after every scenario.
"""

from __future__ import annotations

from sqlalchemy import insert

from blocks.ids import Action, Command, ViewId
from bot.demo.person import Person
from bot.domain.sms_length import Alphabet, sms_length
from bot.domain.template_rules import TypedTemplate
from bot.sample_workspace import SAMPLE_CLINIC
from bot.services import clinic_file, templates
from bot.slack.people import Person as Staff
from bot.store.tables import ClientRow, ClinicRow, PatientRow
from tests.scenario.form import Form, stored, top
from tests.scenario.stage import AINO, TEAM, Stage

GENERAL = "#general"
LONG = "Ä" * 200


def test_a_reminder_is_made_refused_saved_and_mailed_in_finnish(stage: Stage) -> None:
    stage.aino.command(Command.REMINDER, "uusi Musti Vaccination sähköpostitse 1.12.2026")
    stage.settle()
    form = Form(stage, stage.aino)
    assert form.view.title == "Uusi muistutus"
    assert (form.values["client"], form.values["patient"]) == ("Mikko Virtanen", "Musti (koira)")
    assert (form.values["method"], form.values["due-date"]) == ("Sähköposti", "2026-12-01")
    assert form.values["subject"] == "{{ patient_name }} tarvitsee rokotuksen"
    for label in ("Asiakas", "Potilas", "Sähköpostiosoite", "Oletuslähetystapa", "Muistutuspohja", "Eräpäivä"):
        assert label in form.shown.splitlines()
    assert "ti 1.12.2026 klo 9.00" in form.shown
    assert "Viestejä lähetetään klo 8.00–20.00." in form.shown
    form.type("send-before", "20")
    assert form.refused() == {
        "send-before": "Se päivä on jo mennyt. Tällä eräpäivällä voit lähettää muistutuksen enintään 8 päivää ennen."
    }
    card = form.type("send-before", "1").save().shown()
    assert "*Muistutus tallennettu: Musti (Mikko Virtanen)*" in card
    assert "*Eräpäivä*: tiistai 1. joulukuuta 2026" in card
    assert "*Lähetä ennen eräpäivää*: 1 päivä" in card
    assert "ma 30.11.2026 klo 9.00" in card
    stage.skip_to("2026-11-30")
    (mail,) = stage.mails
    assert mail.subject == "Musti tarvitsee rokotuksen"
    assert "Määräpäivä on tiistai 1. joulukuuta 2026." in mail.text
    assert '<html lang="fi" dir="ltr">' in (mail.html or "")


def test_a_contact_task_speaks_finnish_in_a_finnish_clinic(stage: Stage) -> None:
    stage.change(ClinicRow, language="fi")
    stored(stage, 0, method="post")
    stage.skip_to("2026-12-01")
    (card,) = stage.cards
    assert "*Ota yhteyttä asiakkaaseen: Åsa Öberg, potilas Pelle*" in card.shown()
    assert "*Eräpäivä*: tiistai 1. joulukuuta 2026" in card.shown()
    stage.aino.press(card, Action.TASK_SHOW_CONTACT)
    stage.settle()
    assert top(stage.aino).title == "Yhteystiedot"
    assert "Puhelinnumero: +46 70 174 06 06" in top(stage.aino).shown()
    stage.aino.close()
    stage.aino.press(card, Action.TASK_MARK_CONTACTED)
    stage.settle()
    (card,) = stage.cards
    assert f"Yhteydenotto merkitty tehdyksi: <@{AINO}>, ti 1.12.2026 klo 9.00." in card.shown()


def test_the_help_names_the_finnish_words_and_each_of_them_is_understood(stage: Stage) -> None:
    stage.aino.command(Command.REMINDER, "ohje")
    (told,) = stage.told(stage.aino, GENERAL)
    for word in ("uusi", "asiakas", "lista", "pohjat", "asetukset", "ohje"):
        assert f"*/reminder {word}*: " in told
    assert "Komentoa" not in told
    for word, view in (
        ("uusi", ViewId.REMINDER_FORM),
        ("asiakas", ViewId.CLIENT_CHOICE),
        ("pohjat", ViewId.TEMPLATE_LIST),
    ):
        stage.aino.command(Command.REMINDER, word)
        stage.settle()
        assert top(stage.aino).callback_id == view
        stage.aino.close()
    stage.aino.command(Command.REMINDER, "lista")
    assert "Muistutuksia ei ole odottamassa." in stage.told(stage.aino, GENERAL)[-1]


def test_the_longest_real_texts_stay_usable_in_finnish(stage: Stage) -> None:
    """Names of 200 characters, a client with 50 patients, 300 templates."""
    stage.change(ClientRow, ClientRow.name == "Åsa Öberg", name=LONG, language="fi")
    stage.change(ClinicRow, name=LONG, language="fi", policy_note="Ä" * 1000, closed_weekdays=0b1111101)
    with stage.database.writing() as session:
        patient = {"workspace_id": 1, "client_id": 2, "species": LONG[:100], "active": True, "search_key": ""}
        session.execute(
            insert(PatientRow),
            [{**patient, "name": f"{number:02}{LONG}"[:200], "died_on": None} for number in range(49)],
        )
    staff = Staff(AINO, TEAM, "", "fi-FI", is_admin=False, is_member=True)
    for number in range(296):
        typed = TypedTemplate(f"{number:03}{LONG}"[:75], "fi", LONG, "ä" * 3000, "ä" * 1000, "ä" * 3000)
        templates.create(stage.database, TEAM, typed, key=str(number), who=staff, now=stage.clock.now())
    for number in range(21):
        stored(stage, number, method="post", subject=LONG, letter_text="ä" * 3000, due_date="2026-12-08")
    aino = stage.aino
    aino.command(Command.REMINDER, "asiakas asa.oberg")
    stage.settle()
    assert "● Muistutukset" in [one.label for one in top(aino).elements()]
    _pressed(stage, aino, Action.CLIENT_TAB_HISTORY)
    _pressed(stage, aino, Action.CLIENT_TAB_REMINDERS)
    _pressed(stage, aino, Action.CLIENT_ADD)
    form = Form(stage, aino)
    assert len(form.offered("patient")) == 50
    form.search("template", "000").choose("patient", form.offered("patient")[3])
    form.choose("method", "Sähköposti ja tekstiviesti").type("due-date", "2026-12-15")
    form.choose("recurrence", "Joka toinen kuukausi").type("repetitions", "99")
    assert form.save().title == "Muistutus"
    aino.close()
    aino.command(Command.REMINDER, "pohjat")
    stage.settle()
    assert "300 pohjaa" in top(aino).shown()
    _pressed(stage, aino, Action.TEMPLATE_LIST_NEXT)
    _pressed(stage, aino, Action.TEMPLATE_OPEN)
    _pressed(stage, aino, Action.TEMPLATE_EDIT)
    aino.close()
    aino.command(Command.REMINDER, "lista")
    aino.open_home()
    stage.settle()
    assert aino.home is not None
    assert "Sivu 1/2" in aino.home.shown()
    stage.skip_to("2026-12-08")
    assert len(stage.cards) == 21
    aino.press(stage.cards[0], Action.TASK_MENU, option="Potilas on kuollut")
    stage.settle()
    assert top(aino).title == "Potilas on kuollut"


def test_every_finnish_text_message_of_the_sample_fits_the_alphabet_of_sms() -> None:
    """With ä and ö, and whatever the placeholders bring: a name, a date, a number."""
    for template in clinic_file.read(SAMPLE_CLINIC).template:
        texts = template.__pydantic_extra__["fi"]
        filled = (
            texts.sms.replace("{{ due_date }}", "lauantai 15. toukokuuta 2027").replace("{{ ", "").replace(" }}", "")
        )
        counted = sms_length(filled)
        assert (counted.alphabet, counted.parts <= 2) == (Alphabet.GSM_7, True), template.name


def _pressed(stage: Stage, person: Person, action: Action) -> None:
    found = next(one for one in top(person).elements() if one.action_id == action)
    person.press(top(person), action, found.block_id)
    stage.settle()
