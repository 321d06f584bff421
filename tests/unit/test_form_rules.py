"""The form is judged as a whole; every refusal stands beside its field and says what would work (rules P3 to P7)."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import timing
from bot.domain.errors import Field, Refused
from bot.domain.form_dates import course_of
from bot.domain.form_rules import TEXT_FIELDS, FormContext, TypedReminder, check
from bot.domain.model import (
    Client,
    Clinic,
    Method,
    Patient,
    Recurrence,
    Schedule,
    SendingHours,
    Template,
    TextOrigin,
    Texts,
)
from bot.domain.recurrence import Course

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)  # Monday, 12:00 in Stockholm
CLINIC = Clinic(
    id=1,
    workspace_id=1,
    name="Kliniken",
    phone="08-123 456 78",
    hours=SendingHours(ZoneInfo("Europe/Stockholm")),
    language="sv",
    country="SE",
    staff_channel="C1",
    sender_email="kliniken@example.se",
    default_method=Method.EMAIL,
    policy_note="",
)
CLIENT = Client(
    id=2,
    name="Anna Berg",
    email="anna@example.se",
    phone="070-174 06 05",
    language="sv",
    email_allowed=True,
    sms_allowed=True,
    active=True,
)
PATIENT = Patient(id=3, client_id=2, name="Misse", species="cat", active=True, died_on=None)
TEXTS = Texts(
    subject="Dags för vaccin",
    email="Hej {{ client_first_name }}!\n{{ patient_name }} behöver vaccin.",
    sms="{{ patient_name }} behöver vaccin.",
    letter="Ring om {{ patient_name }}.",
)
TEMPLATE = Template(id=4, name="Vaccin", revision=7, language="sv", texts=TEXTS, retired=False)
CONTEXT = FormContext(CLINIC, CLIENT, PATIENT, TEMPLATE, frozenset(Method), NOW)
FORM = TypedReminder(
    clinic_id=1,
    client_id=2,
    patient_id=3,
    email="anna@example.se",
    phone="070-174 06 05",
    method="email",
    template_id=4,
    subject=TEXTS.subject,
    email_text=TEXTS.email,
    sms_text=TEXTS.sms,
    letter_text=TEXTS.letter,
    due_date="2026-05-11",
    send_before="2",
    recurrence="none",
)


def _form(**changes: object) -> TypedReminder:
    return dataclasses.replace(FORM, **changes)  # type: ignore[arg-type]


def _context(**changes: object) -> FormContext:
    return dataclasses.replace(CONTEXT, **changes)  # type: ignore[arg-type]


def _client(**changes: object) -> FormContext:
    return _context(client=dataclasses.replace(CLIENT, **changes))  # type: ignore[arg-type]


def _patient(**changes: object) -> FormContext:
    return _context(patient=dataclasses.replace(PATIENT, **changes))  # type: ignore[arg-type]


def _refusals(form: TypedReminder, context: FormContext = CONTEXT) -> dict[str, str]:
    with pytest.raises(Refused) as caught:
        check(form, context)
    return {field.value: str(said) for field, said in caught.value.refusals.items()}


def _assert_only(form: TypedReminder, context: FormContext, field: Field, says: str) -> None:
    refusals = _refusals(form, context)
    assert list(refusals) == [field]
    assert says in refusals[field]


def test_a_form_left_as_it_was_filled_in_becomes_a_reminder() -> None:
    draft = check(FORM, CONTEXT)
    assert (draft.clinic_id, draft.client_id, draft.patient_id) == (1, 2, 3)
    assert draft.method is Method.EMAIL
    assert draft.schedule == Schedule(date(2026, 5, 11), 2)
    assert (draft.origin, draft.template_id, draft.template_revision) == (TextOrigin.TEMPLATE, 4, 7)
    assert (draft.email_override, draft.phone_override) == (None, None)
    assert draft.texts == Texts(subject=TEXTS.subject, email=TEXTS.email)


def test_an_empty_form_names_every_field_it_shows_at_once() -> None:
    refusals = _refusals(TypedReminder(), _context(client=None, patient=None, template=None))
    assert set(refusals) == {"client", "patient", "method", "template", "due-date", "send-before"}


def test_a_form_with_everything_wrong_names_every_field_at_once() -> None:
    form = _form(
        clinic_id=9,
        email="anna@localhost",
        phone="112",
        method="both",
        subject="a\nb",
        email_text="{{ clientname }}",
        sms_text="x" * 1001,
        due_date="2026-05-03",
        send_before="-1",
        recurrence="weekly",
        repetitions="100",
    )
    refusals = _refusals(form, _patient(client_id=9))
    assert set(refusals) == {
        "clinic",
        "patient",
        "email",
        "phone",
        "subject",
        "email-text",
        "sms-text",
        "due-date",
        "send-before",
        "repetitions",
    }


def test_a_number_of_days_that_cannot_be_kept_is_named_beside_other_wrong_numbers() -> None:
    refusals = _refusals(_form(due_date="2026-05-05", send_before="5", recurrence="daily", repetitions="100"))
    assert set(refusals) == {"send-before", "repetitions"}
    assert "at most 1 day before" in refusals["send-before"]


# Who


@pytest.mark.parametrize(
    ("form", "context", "field", "says"),
    [
        (_form(clinic_id=9), CONTEXT, Field.CLINIC, "no longer there"),
        (_form(client_id=None), _context(client=None), Field.CLIENT, "Choose the client"),
        (_form(), _context(client=None), Field.CLIENT, "no longer there"),
        (_form(), _client(active=False), Field.CLIENT, "inactive"),
        (_form(patient_id=None), _context(patient=None), Field.PATIENT, "Choose the patient"),
        (_form(), _context(patient=None), Field.PATIENT, "no longer there"),
        (_form(), _patient(client_id=9), Field.PATIENT, "belongs to another client"),
        (_form(), _patient(died_on=date(2026, 5, 1)), Field.PATIENT, "has died"),
        (_form(), _patient(active=False), Field.PATIENT, "inactive"),
    ],
)
def test_a_client_or_patient_that_gets_no_reminder_is_refused(
    form: TypedReminder, context: FormContext, field: Field, says: str
) -> None:
    _assert_only(form, context, field, says)


def test_without_a_choice_of_clinics_there_is_the_one() -> None:
    assert check(_form(clinic_id=None), CONTEXT).clinic_id == 1


# How


@pytest.mark.parametrize(
    ("form", "context", "says"),
    [
        (_form(method=None), CONTEXT, "Choose how"),
        (_form(method=""), CONTEXT, "Choose how"),
        (_form(method="pigeon"), CONTEXT, "not set up"),
        (_form(method="external"), _context(methods={Method.EMAIL, Method.POST}), "not set up"),
    ],
)
def test_a_method_that_cannot_be_used_is_refused(form: TypedReminder, context: FormContext, says: str) -> None:
    _assert_only(form, context, Field.METHOD, says)


NO_EMAIL = {"email": None}
NO_PHONE = {"phone": " "}


@pytest.mark.parametrize(
    ("method", "changes", "context", "expected"),
    [
        ("email", NO_EMAIL, CONTEXT, {"email": "address is missing"}),
        ("email", {"email": "\u200b"}, CONTEXT, {"email": "address is missing"}),
        ("email", {"email": "a@localhost"}, CONTEXT, {"email": "needs a dot"}),
        ("email", {"email": "a@example.se\nBcc: b@example.se"}, CONTEXT, {"email": "line break"}),
        ("email", {}, _client(email_allowed=False), {"email": "switched off"}),
        ("email", NO_EMAIL, _client(email_allowed=False), {"email": "switched off"}),
        ("sms", NO_PHONE, CONTEXT, {"phone": "number is missing"}),
        ("sms", {"phone": "08-123 456 78"}, CONTEXT, {"phone": "not a mobile number"}),
        ("sms", {"phone": "112"}, CONTEXT, {"phone": "No such phone number"}),
        ("sms", {}, _client(sms_allowed=False), {"phone": "switched off"}),
        ("both", NO_EMAIL | NO_PHONE, CONTEXT, {"email": "missing", "phone": "missing"}),
        ("both", NO_EMAIL, CONTEXT, {"email": "missing"}),
        ("both", NO_PHONE, CONTEXT, {"phone": "missing"}),
        ("both", NO_EMAIL, _client(sms_allowed=False), {"email": "missing", "phone": "switched off"}),
    ],
)
def test_a_method_names_each_address_that_it_lacks(
    method: str, changes: dict[str, str | None], context: FormContext, expected: dict[str, str]
) -> None:
    refusals = _refusals(_form(method=method, **changes), context)
    assert set(refusals) == set(expected)
    for field, says in expected.items():
        assert says in refusals[field]


@pytest.mark.parametrize(
    ("method", "changes", "context"),
    [
        ("email", NO_PHONE, _client(sms_allowed=False, phone=None)),
        ("sms", NO_EMAIL, _client(email_allowed=False, email=None)),
        ("post", NO_EMAIL | NO_PHONE, _client(email_allowed=False, sms_allowed=False)),
        ("external", NO_EMAIL | NO_PHONE, _client(email_allowed=False, sms_allowed=False)),
    ],
)
def test_a_method_asks_only_for_what_it_needs(
    method: str, changes: dict[str, str | None], context: FormContext
) -> None:
    assert check(_form(method=method, **changes), context).method == method


@pytest.mark.parametrize(
    ("changes", "context", "email", "phone"),
    [
        # the same address written in another way is the client's own
        ({"email": " anna@EXAMPLE.se ", "phone": "0046701740605"}, CONTEXT, None, None),
        ({"email": "anna@räksmörgås.se"}, _client(email="anna@xn--rksmrgs-5wao1o.se"), None, None),
        ({"email": "jobb@example.se"}, CONTEXT, "jobb@example.se", None),
        ({"phone": "+358 40 1234567"}, CONTEXT, None, "+358401234567"),
        # typed for a client without one
        ({}, _client(email=None, phone=None), "anna@example.se", "+46701740605"),
        # typed instead of one that was wrong
        ({}, _client(email="a@localhost", phone="112"), "anna@example.se", "+46701740605"),
    ],
)
def test_an_address_is_kept_only_when_it_is_not_the_clients_own(
    changes: dict[str, str], context: FormContext, email: str | None, phone: str | None
) -> None:
    draft = check(_form(method="both", **changes), context)
    assert (draft.email_override, draft.phone_override) == (email, phone)


def test_an_address_that_the_method_does_not_need_may_be_a_landline_but_not_nonsense() -> None:
    assert check(_form(method="email", phone="08-765 43 21"), CONTEXT).phone_override == "+4687654321"
    _assert_only(_form(method="email", phone="nonsense"), CONTEXT, Field.PHONE, "Enter a phone number")
    _assert_only(_form(method="sms", email="nonsense"), CONTEXT, Field.EMAIL, "@ is missing")


def test_an_old_typing_error_in_the_directory_does_not_keep_an_unrelated_reminder_from_being_saved() -> None:
    draft = check(_form(method="email", phone=" 112"), _client(phone="112"))
    assert draft.phone_override is None
    _assert_only(_form(method="sms", phone="112"), _client(phone="112"), Field.PHONE, "No such phone number")


# What


@pytest.mark.parametrize(
    ("form", "context", "says"),
    [
        (_form(template_id=None), _context(template=None), "Choose a template, or tick"),
        (_form(), _context(template=None), "no longer there"),
        (_form(template_id=9), CONTEXT, "no longer there"),
    ],
)
def test_without_a_template_or_free_text_only_that_is_named(
    form: TypedReminder, context: FormContext, says: str
) -> None:
    emptied = dataclasses.replace(form, subject=None, email_text=None)
    _assert_only(emptied, context, Field.TEMPLATE, says)


@pytest.mark.parametrize("method", list(Method))
def test_each_method_needs_its_texts_and_keeps_no_other(method: Method) -> None:
    kept = {Field.SUBJECT: "subject", Field.EMAIL_TEXT: "email", Field.SMS_TEXT: "sms", Field.LETTER_TEXT: "letter"}
    needed = {
        Method.EMAIL: ["subject", "email-text"],
        Method.SMS: ["sms-text"],
        Method.BOTH: ["subject", "email-text", "sms-text"],
        Method.POST: ["letter-text"],
        Method.EXTERNAL: ["subject", "email-text"],
    }[method]
    bare = {"manual": True, "subject": " ", "email_text": None, "sms_text": "", "letter_text": "\u200b"}
    assert list(_refusals(_form(method=method, **bare))) == needed
    texts = check(_form(method=method), CONTEXT).texts
    for field, name in kept.items():
        assert getattr(texts, name) == (getattr(TEXTS, name) if field in TEXT_FIELDS[method] else "")


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"subject": ""}, Field.SUBJECT, "subject is missing"),
        ({"subject": "Hej\r\nBcc: b@example.se"}, Field.SUBJECT, "one line"),
        ({"subject": "=?utf-8?q?Hej=0AReply-To:_x?="}, Field.SUBJECT, "=?"),
        ({"subject": "x" * 201}, Field.SUBJECT, "201 characters"),
        ({"subject": "{{ patientname }}"}, Field.SUBJECT, "Did you mean {{ patient_name }}"),
        ({"email_text": "\u200b"}, Field.EMAIL_TEXT, "text is missing"),
        ({"email_text": "x" * 3001}, Field.EMAIL_TEXT, "3001 characters"),
        ({"email_text": "a\x00"}, Field.EMAIL_TEXT, "hidden control"),
        ({"email_text": "{{ range(99999) }}"}, Field.EMAIL_TEXT, "parentheses"),
        ({"email_text": "Hej {{ client_name"}, Field.EMAIL_TEXT, "brace is missing"),
        ({"method": "sms", "sms_text": "x" * 1001}, Field.SMS_TEXT, "1001 characters"),
        ({"method": "post", "letter_text": "{{ x.y }}"}, Field.LETTER_TEXT, "dot or bracket"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_under_its_own_field(
    changes: dict[str, str], field: Field, says: str
) -> None:
    _assert_only(_form(**changes), CONTEXT, field, says)
    _assert_only(_form(manual=True, **changes), CONTEXT, field, says)


def test_a_template_without_a_text_for_the_method_says_so() -> None:
    context = _context(template=dataclasses.replace(TEMPLATE, texts=dataclasses.replace(TEXTS, sms="")))
    _assert_only(_form(method="sms", sms_text=None), context, Field.SMS_TEXT, "This template has no text")
    assert check(_form(method="sms", sms_text="Hej!"), context).origin is TextOrigin.EDITED


@pytest.mark.parametrize(
    ("changes", "origin"),
    [
        ({}, TextOrigin.TEMPLATE),
        ({"subject": f" {TEXTS.subject} ", "email_text": TEXTS.email.replace("\n", "\r\n")}, TextOrigin.TEMPLATE),
        ({"subject": "Dags fo\u0308r vaccin"}, TextOrigin.TEMPLATE),  # the same, decomposed
        ({"sms_text": "another method's text"}, TextOrigin.TEMPLATE),
        ({"subject": "Dags igen"}, TextOrigin.EDITED),
        ({"email_text": TEXTS.email + "!"}, TextOrigin.EDITED),
        ({"method": "both", "sms_text": "Hej!"}, TextOrigin.EDITED),
        ({"manual": True}, TextOrigin.MANUAL),
        ({"manual": True, "template_id": None}, TextOrigin.MANUAL),
    ],
)
def test_the_origin_of_the_text_is_found_by_comparing(changes: dict[str, object], origin: TextOrigin) -> None:
    draft = check(_form(**changes), CONTEXT)
    assert draft.origin is origin
    manual = origin is TextOrigin.MANUAL
    assert (draft.template_id, draft.template_revision) == ((None, None) if manual else (4, 7))


def test_a_retired_template_keeps_serving() -> None:
    retired = _context(template=dataclasses.replace(TEMPLATE, retired=True))
    assert check(FORM, retired).origin is TextOrigin.TEMPLATE


# When


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"due_date": None}, Field.DUE_DATE, "Choose the due date"),
        ({"due_date": ""}, Field.DUE_DATE, "Choose the due date"),
        ({"due_date": "2027-02-29"}, Field.DUE_DATE, "no such day"),
        ({"due_date": "2026-13-01"}, Field.DUE_DATE, "no such day"),
        ({"due_date": "11/5 2026"}, Field.DUE_DATE, "not a date"),
        ({"due_date": "20260511"}, Field.DUE_DATE, "not a date"),
        ({"due_date": "２０２６-05-11"}, Field.DUE_DATE, "not a date"),
        ({"due_date": "2026-05-03", "send_before": "0"}, Field.DUE_DATE, "has passed"),
        ({"due_date": "2062-05-11"}, Field.DUE_DATE, "Check the year"),
        ({"send_before": None}, Field.SEND_BEFORE, "how many days before"),
        ({"send_before": " "}, Field.SEND_BEFORE, "how many days before"),
        ({"send_before": "-1"}, Field.SEND_BEFORE, "without a minus sign"),
        ({"send_before": "3.5"}, Field.SEND_BEFORE, "without decimals"),
        ({"send_before": "１２"}, Field.SEND_BEFORE, "digits 0 to 9"),
        ({"due_date": "2026-05-05", "send_before": "5"}, Field.SEND_BEFORE, "at most 1 day before"),
        ({"send_before": "8"}, Field.SEND_BEFORE, "at most 7 days before"),
        ({"send_before": "999999999"}, Field.SEND_BEFORE, "at most 7 days before"),
        ({"send_before": "9" * 5000}, Field.SEND_BEFORE, "at most"),
        ({"recurrence": "hourly"}, Field.RECURRENCE, "not known"),
        ({"recurrence": "weekly"}, Field.REPETITIONS, "2 to 99"),
        ({"recurrence": "weekly", "repetitions": "1"}, Field.REPETITIONS, "2 to 99"),
        ({"recurrence": "weekly", "repetitions": "0"}, Field.REPETITIONS, "2 to 99"),
        ({"recurrence": "weekly", "repetitions": "100"}, Field.REPETITIONS, "2 to 99"),
        ({"recurrence": "weekly", "repetitions": "1000000"}, Field.REPETITIONS, "2 to 99"),
        ({"recurrence": "weekly", "repetitions": "10**6"}, Field.REPETITIONS, "digits 0 to 9"),
    ],
)
def test_a_date_or_number_that_cannot_be_used_is_refused_under_its_own_field(
    changes: dict[str, str | None], field: Field, says: str
) -> None:
    _assert_only(_form(**changes), CONTEXT, field, says)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, Schedule(date(2026, 5, 11), 2)),
        ({"due_date": date(2026, 5, 12)}, Schedule(date(2026, 5, 12), 2)),
        ({"due_date": "2028-02-29"}, Schedule(date(2028, 2, 29), 2)),
        ({"due_date": "2026-05-04", "send_before": "0"}, Schedule(date(2026, 5, 4), 0)),
        ({"recurrence": None}, Schedule(date(2026, 5, 11), 2)),
        # the repetitions of a reminder that does not recur are hidden in the form
        ({"recurrence": "none", "repetitions": "nonsense"}, Schedule(date(2026, 5, 11), 2)),
        (
            {"recurrence": "every-2-weeks", "repetitions": "99"},
            Schedule(date(2026, 5, 11), 2, Recurrence.EVERY_2_WEEKS, 99),
        ),
    ],
)
def test_the_dates_and_numbers_become_a_schedule(changes: dict[str, object], expected: Schedule) -> None:
    assert check(_form(**changes), CONTEXT).schedule == expected
    assert course_of(_form(**changes).dates, None, CLINIC.hours, NOW) == Course(expected)


def test_the_end_of_the_calendar_is_a_refusal_and_no_crash() -> None:
    late = datetime(9990, 1, 1, 10, tzinfo=UTC)
    form = _form(due_date="9991-01-01", recurrence="yearly", repetitions="20")
    with pytest.raises(Refused) as caught:
        course_of(form.dates, None, CLINIC.hours, late)
    assert "at most 9" in str(caught.value.refusals[Field.REPETITIONS])  # 9991 to 9999


def test_what_was_typed_does_not_show_in_a_log() -> None:
    assert "anna" not in repr(FORM)
    assert "vaccin" not in repr(FORM)
    with pytest.raises(Refused) as caught:
        check(_form(email="hemlig@localhost", email_text="Hemlig {{ x.y }}"), CONTEXT)
    assert "emlig" not in repr(caught.value) + repr(caught.value.refusals)


typed_texts = st.one_of(
    st.none(), st.sampled_from(["", "0", "3", "x", "a@example.se", "070-174 06 05", "2026-05-09"]), st.text(max_size=20)
)


@given(
    st.builds(
        TypedReminder,
        clinic_id=st.sampled_from([None, 1, 9]),
        client_id=st.sampled_from([None, 2, 9]),
        patient_id=st.sampled_from([None, 3, 9]),
        email=typed_texts,
        phone=typed_texts,
        method=st.sampled_from([*Method, None, "x"]),
        template_id=st.sampled_from([None, 4, 9]),
        manual=st.booleans(),
        subject=typed_texts,
        email_text=typed_texts,
        sms_text=typed_texts,
        letter_text=typed_texts,
        due_date=typed_texts | st.dates(),
        send_before=typed_texts,
        recurrence=st.sampled_from([*Recurrence, None, "x"]),
        repetitions=typed_texts,
    )
)
def test_any_form_is_refused_with_reasons_or_can_be_planned(form: TypedReminder) -> None:
    try:
        draft = check(form, CONTEXT)
    except Refused as refused:
        sentences = [str(said) for said in refused.refusals.values()]
        assert sentences
        assert all(sentences)
        return
    planned = timing.plan(Course(draft.schedule), CLINIC.hours, NOW)
    assert len(planned) == draft.schedule.repetitions
    assert (draft.template_id is None) == (draft.origin is TextOrigin.MANUAL)
