"""What does the form of a clinic's settings look like, and the question which clinic is meant?"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence

from blocks.elements import Choice, Json, actions, button, context, header, section, sections
from blocks.ids import Action, SettingsBlock, ViewId, with_revision
from blocks.inputs import (
    Dispatch,
    Place,
    channel_select,
    checkbox,
    checkboxes,
    external_select,
    people_select,
    radio,
    select,
    text_input,
    time_input,
)
from blocks.limits import VIEW_BUTTON, VIEW_TITLE
from blocks.limits_elements import SELECT_OPTIONS
from blocks.text import bold, escape, mention, plain
from blocks.translator import Words

TICKED = "yes"
"""What the one box of `CLOSED_ON_HOLIDAYS` sends back."""

_LINE_LENGTH = 300
_SHOWN_LENGTH = 200

Value = str | frozenset[str]
"""What stands in a field: a text, a chosen value or id, a time as HH:MM, or several of these."""


@dataclasses.dataclass(frozen=True, slots=True)
class SettingChange:
    """What somebody else changed in one field, in finished strings."""

    field: str
    now: str
    is_mine_kept: bool
    """Whether the field was changed here as well, and still holds that."""


@dataclasses.dataclass(frozen=True, slots=True)
class ChangedBy:
    """Who changed the settings, by the Slack id, and when, as people read it."""

    user_id: str
    when: str


@dataclasses.dataclass(frozen=True, slots=True)
class SettingsForm:
    """The form as it is filled in. What is typed is given as typed."""

    values: Mapping[SettingsBlock, Value]
    methods: Sequence[Choice]
    languages: Sequence[Choice]
    weekdays: Sequence[Choice]
    editors: Sequence[Choice] = ()
    """Who may change templates: not asked for where it is not a new workspace's first clinic that is added."""
    zone: Choice | None = None
    country: Choice | None = None
    subdivision: Choice | None = None
    has_subdivisions: bool = False
    """Whether the country has parts with holidays of their own."""
    revisions: Mapping[SettingsBlock, int] = dataclasses.field(default_factory=dict)
    is_new: bool = False
    is_first: bool = False
    note: str = ""
    changed_by: Sequence[ChangedBy] = ()
    """Who changed the settings while the form was open; empty if nobody did."""
    changes: Sequence[SettingChange] = ()
    last: ChangedBy | None = None
    private_metadata: str = ""


def settings_form_view(form: SettingsForm, words: Words) -> Json:
    """The modal."""
    return {
        "type": "modal",
        "callback_id": ViewId.SETTINGS_FORM.value,
        "title": plain(_title(form, words), VIEW_TITLE).to_dict(),
        "submit": plain(words("Save"), VIEW_BUTTON).to_dict(),
        "close": plain(words("Cancel"), VIEW_BUTTON).to_dict(),
        "private_metadata": form.private_metadata,
        "blocks": [
            *_above(form, words),
            *_clinic(form, words),
            *_sending(form, words),
            *_days(form, words),
            *_sender(form, words),
            *_texts(form, words),
            *_below(form, words),
        ],
    }


def _title(form: SettingsForm, words: Words) -> str:
    if form.note or form.changed_by:  # said at the top, which whoever pressed Save may have scrolled past
        return words("Not saved yet")
    if form.is_first:
        return words("Set up a clinic")
    return words("New clinic") if form.is_new else words("Settings")


def settings_choice_view(clinics: Sequence[Choice], words: Words) -> Json:
    """The modal in which one of several clinics is chosen, or another one added.

    More than a menu holds are looked for by name.
    """
    block = SettingsBlock.CLINIC
    place = Place(block.value, block.action.value, words("Clinic"), focus=True)
    placeholder = words("Choose a clinic")
    fits = len(clinics) <= SELECT_OPTIONS
    return {
        "type": "modal",
        "callback_id": ViewId.SETTINGS_CHOICE.value,
        "title": plain(words("Settings"), VIEW_TITLE).to_dict(),
        "submit": plain(words("Next"), VIEW_BUTTON).to_dict(),
        "close": plain(words("Cancel"), VIEW_BUTTON).to_dict(),
        "blocks": [
            (
                select(place, clinics, placeholder=placeholder)
                if fits
                else external_select(place, placeholder=placeholder)
            ),
            actions(button(Action.SETTINGS_ADD.value, words("Add a clinic"))),
        ],
    }


def _place(
    form: SettingsForm,
    block: SettingsBlock,
    label: str,
    hint: str = "",
    *,
    optional: bool = False,
    dispatch: Dispatch = Dispatch.NEVER,
    focus: bool = False,
) -> Place:
    block_id = with_revision(block.value, form.revisions.get(block, 0))
    return Place(block_id, block.action.value, label, hint, optional, dispatch, focus)


def _above(form: SettingsForm, words: Words) -> list[Json]:
    blocks: list[Json] = []
    if form.is_first:
        blocks.append(
            section(
                words(
                    "This sets up the clinic whose reminders are sent from here. All of it can be changed later, with "
                    "/reminder settings. Afterwards you can send yourself a test."
                )
            )
        )
    if form.note:
        blocks.append(section(f":warning: {escape(form.note)}"))
    for one in form.changed_by:
        told = words("{who} changed these settings meanwhile, {when}.", who=mention(one.user_id), when=escape(one.when))
        blocks.append(section(f":warning: {told}"))
    if form.changes:
        blocks += sections(_change(one, words) for one in form.changes)
    if form.changed_by:
        blocks.append(section(words("Nothing of yours is saved yet. Look through the form, then save again.")))
    return blocks


def _change(one: SettingChange, words: Words) -> str:
    field, now = bold(escape(one.field, _LINE_LENGTH)), escape(one.now, _SHOWN_LENGTH)
    if one.is_mine_kept:
        return words("• {field}: now {now}. You entered something else, which stays in the form.", field=field, now=now)
    return words("• {field}: now {now}, as in the form below.", field=field, now=now)


def _text(form: SettingsForm, block: SettingsBlock) -> str:
    value = form.values.get(block, "")
    return value if isinstance(value, str) else ""


def _several(form: SettingsForm, block: SettingsBlock) -> frozenset[str]:
    value = form.values.get(block, frozenset())
    return frozenset() if isinstance(value, str) else value


def _clinic(form: SettingsForm, words: Words) -> list[Json]:
    def typed(block: SettingsBlock, label: str, hint: str = "", *, optional: bool = False) -> Json:
        return text_input(_place(form, block, label, hint, optional=optional), _text(form, block))

    return [
        typed(SettingsBlock.NAME, words("Name of the clinic")),
        typed(SettingsBlock.PHONE, words("Phone number"), words("Clients read it below each e-mail."), optional=True),
        channel_select(
            _place(
                form,
                SettingsBlock.STAFF_CHANNEL,
                words("Staff channel"),
                words("Staff get their tasks here. Invite the bot to it first."),
            ),
            _text(form, SettingsBlock.STAFF_CHANNEL),
            placeholder=words("Choose a channel"),
        ),
        select(
            _place(
                form,
                SettingsBlock.LANGUAGE,
                words("Language"),
                words("Of the staff channel, and of new clients until another one is chosen for them."),
            ),
            form.languages,
            _text(form, SettingsBlock.LANGUAGE),
            placeholder=words("Choose a language"),
        ),
        external_select(
            _place(form, SettingsBlock.ZONE, words("Time zone")), form.zone, placeholder=words("Type a city")
        ),
        external_select(
            _place(
                form,
                SettingsBlock.COUNTRY,
                words("Country"),
                words("Phone numbers without a country code are read as of there, and its holidays count."),
                dispatch=Dispatch.WHEN_CHANGED,
            ),
            form.country,
            placeholder=words("Type a country"),
        ),
    ]


def _sending(form: SettingsForm, words: Words) -> list[Json]:
    def picked(block: SettingsBlock, label: str, hint: str = "") -> Json:
        return time_input(_place(form, block, label, hint), _text(form, block))

    return [
        header(words("When reminders are sent")),
        picked(
            SettingsBlock.SEND_TIME,
            words("Send time"),
            words("In the clinic's own time. Reminders that wait move along when this or the time zone changes."),
        ),
        picked(SettingsBlock.OPENS, words("Earliest")),
        picked(SettingsBlock.CLOSES, words("Latest"), words("Nothing is sent at this time or later.")),
    ]


def _days(form: SettingsForm, words: Words) -> list[Json]:
    holidays = SettingsBlock.CLOSED_ON_HOLIDAYS
    blocks = [
        checkboxes(
            _place(
                form,
                SettingsBlock.CLOSED_WEEKDAYS,
                words("Days without sends"),
                words("What would go on such a day goes on the nearest day before it, if there is one."),
            ),
            form.weekdays,
            _several(form, SettingsBlock.CLOSED_WEEKDAYS),
        ),
        checkbox(
            _place(form, holidays, words("Public holidays")),
            Choice(TICKED, words("Send nothing on public holidays either")),
            ticked=TICKED in _several(form, holidays),
        ),
    ]
    if form.has_subdivisions:
        place = _place(
            form,
            SettingsBlock.SUBDIVISION,
            words("Part of the country"),
            words("For its own holidays; leave it empty for those of the whole country."),
            optional=True,
        )
        blocks.append(external_select(place, form.subdivision, placeholder=words("Type a name or code")))
    return blocks


def _sender(form: SettingsForm, words: Words) -> list[Json]:
    def typed(block: SettingsBlock, label: str, hint: str, *, optional: bool = False) -> Json:
        return text_input(_place(form, block, label, hint, optional=optional), _text(form, block))

    return [
        header(words("How reminders are sent")),
        select(
            _place(form, SettingsBlock.DEFAULT_METHOD, words("Default sending method")),
            form.methods,
            _text(form, SettingsBlock.DEFAULT_METHOD),
        ),
        typed(
            SettingsBlock.SENDER_NAME,
            words("Sender's name"),
            words("Clients read it as the sender; empty for the clinic's name."),
            optional=True,
        ),
        typed(
            SettingsBlock.SENDER_EMAIL,
            words("Sender's e-mail address"),
            words("Your mail server has to let the bot send from it."),
        ),
        typed(
            SettingsBlock.REPLY_TO,
            words("E-mail address for answers"),
            words("Where clients' answers go; empty for the sender's address."),
            optional=True,
        ),
    ]


def _texts(form: SettingsForm, words: Words) -> list[Json]:
    note = SettingsBlock.POLICY_NOTE
    blocks = [
        header(words("Texts")),
        text_input(
            _place(
                form,
                note,
                words("Policy note"),
                words("Staff read it beside a text that they write themselves."),
                optional=True,
            ),
            _text(form, note),
            multiline=True,
        ),
    ]
    if form.editors:
        place = _place(
            form,
            SettingsBlock.TEMPLATE_EDITORS,
            words("Who may change templates"),
            words("This holds for all clinics of the workspace. Administrators always may."),
        )
        blocks.append(radio(place, form.editors, _text(form, SettingsBlock.TEMPLATE_EDITORS)))
        place = _place(
            form,
            SettingsBlock.NAMED_EDITORS,
            words("Named people"),
            words("Counts only if named people are chosen above."),
            optional=True,
        )
        blocks.append(
            people_select(place, _several(form, SettingsBlock.NAMED_EDITORS), placeholder=words("Choose people"))
        )
    return blocks


def _below(form: SettingsForm, words: Words) -> list[Json]:
    if form.is_new:
        return []
    blocks: list[Json] = []
    if form.last is not None:
        who, when = mention(form.last.user_id), escape(form.last.when)
        blocks.append(context(words("Last changed by {who}, {when}.", who=who, when=when)))
    blocks.append(actions(button(Action.SETTINGS_ADD.value, words("Add a clinic"))))
    return blocks
