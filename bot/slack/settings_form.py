"""What happens in the form in which an administrator sets up a clinic or changes its settings?

Everything is checked on arrival, by rule and by asking Slack about the channel; then it is saved in one transaction and
answered. Where so much waits that planning it anew takes longer than Slack's three seconds, the form is acknowledged
first and the outcome told afterwards: until then it stands as it was typed, to be saved again if the process dies.
"""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Mapping
from typing import Any, Final

from slack_sdk.errors import SlackApiError, SlackClientError

from blocks import elements
from blocks.elements import Choice
from blocks.ids import SettingsBlock, without_revision
from blocks.settings_form import settings_choice_view
from bot.domain import rights
from bot.domain.clinic_rules import ClinicSettings
from bot.domain.errors import ClinicField, Conflict, SettingsRefused
from bot.domain.folding import fold
from bot.domain.messages import Message, message
from bot.domain.model import Channel, Method
from bot.i18n import territory_of_zone
from bot.services import clinic_settings, new_clinic, workspaces
from bot.services.clinic_settings import SettingsChanged
from bot.slack import (
    afterwards,
    home,
    settings_fields,
    settings_meanwhile,
    settings_saved,
    settings_view,
    staff_channel,
)
from bot.slack.button_values import FormMetadata, row_id
from bot.slack.form_fields import FormFields
from bot.slack.requests import Request
from bot.slack.settings_fields import SettingsMetadata, Values
from bot.slack.settings_view import Told
from bot.slack.staff_channel import ChannelUnknown

SUGGESTIONS: Final = 50

PLANNED_AT_ONCE: Final = 2_000
"""So many deliveries are planned anew while the person waits: well within a second (`bench/replanning.py`)."""

_TOKEN_BYTES = 4

_SHOWN_INSTEAD = {SettingsBlock.SUBDIVISION: SettingsBlock.CLOSED_ON_HOLIDAYS}


def open_settings(request: Request) -> None:
    """Open the form of the one clinic, or ask which of several is meant."""
    rights.require_settings_editor(request.person)
    clinics = workspaces.clinics_of(request.desk.database, request.team_id)
    if len(clinics) == 1:
        request.show_here(_stored_view(request, clinics[0].id))
    else:
        choices = [Choice(str(one.id), one.name) for one in clinics]
        request.show_here(settings_choice_view(choices, request.words))
    request.ack()


def open_chosen(submission: Request) -> None:
    """Put the chosen clinic's form in the place of the question."""
    block = SettingsBlock.CLINIC
    chosen = settings_fields.text(settings_fields.read(submission.view), block)
    submission.ack(response_action="update", view=_stored_view(submission, row_id(chosen)))


def open_first(request: Request) -> None:
    """Open the form for the first clinic of a workspace, filled in with what Slack knows."""
    rights.require_settings_editor(request.person)
    request.show_here(_new_view(request, _first_settings(request), is_first=True))


def open_another(press: Request) -> None:
    """Put the form for a further clinic on what is open, filled in like the first one."""
    rights.require_settings_editor(press.person)
    first = workspaces.clinics_of(press.desk.database, press.team_id)[0]
    settings = clinic_settings.find(press.desk.database, press.team_id, first.id, who=press.person).settings
    empty = dataclasses.replace(settings, name="", phone="", staff_channel="", sender_name="")
    press.client.views_push(trigger_id=press.trigger_id, view=_new_view(press, empty, is_first=False))


def change(press: Request) -> None:
    """Ask for the part of the country that was chosen, or no longer."""
    rights.require_settings_editor(press.person)
    view = press.view
    with press.desk.form_order.turn(view["id"], float(press.action["action_ts"])) as progress:
        if progress is None:
            return
        metadata, values = SettingsMetadata.decode(view["private_metadata"]), settings_fields.read(view)
        metadata = dataclasses.replace(metadata, kept=settings_fields.changed_here(view, metadata))
        if settings_fields.text(values, SettingsBlock.COUNTRY) != metadata.country:
            values[SettingsBlock.SUBDIVISION] = ""
            metadata = metadata.replaced(SettingsBlock.SUBDIVISION)
        before = progress.hash_now(view["hash"])
        try:
            shown = settings_view.form_view(press, values, metadata)
            answer = press.client.views_update(view_id=view["id"], hash=before, view=shown)
        except SlackApiError as error:
            # The form was saved or closed meanwhile, or another process was faster.
            if error.response.get("error") not in {"hash_conflict", "not_found"}:
                raise
            return
        progress.updated(before, answer["view"]["hash"], FormFields(), FormMetadata())


def suggest_clinics(request: Request) -> None:
    """Offer the clinics in whose name every typed word is found."""
    rights.require_settings_editor(request.person)
    wanted = fold(request.typed).split()
    found = workspaces.clinics_of(request.desk.database, request.team_id)
    named = [Choice(str(one.id), one.name) for one in found if all(word in fold(one.name) for word in wanted)]
    request.ack(**elements.suggestions(named))


def suggest(request: Request) -> None:
    """Offer time zones, countries, or parts of the country that is chosen."""
    rights.require_settings_editor(request.person)
    typed, words = request.typed, request.words
    match SettingsBlock(without_revision(request.body["block_id"])):
        case SettingsBlock.ZONE:
            choices = settings_view.zone_choices(typed, words, request.desk.clock.now())
        case SettingsBlock.COUNTRY:
            choices = settings_view.country_choices(typed, words)
        case _:
            country = SettingsMetadata.decode(request.view["private_metadata"]).country
            choices = settings_view.subdivision_choices(typed, country)
    request.ack(**elements.suggestions(choices[:SUGGESTIONS]))


def save(submission: Request) -> None:
    """Store the form and say what came of it; or say under each field what is wrong with it."""
    rights.require_settings_editor(submission.person)
    metadata, values = (
        SettingsMetadata.decode(submission.view["private_metadata"]),
        settings_fields.read(submission.view),
    )
    try:
        settings = _filled_in(submission, metadata, values)
        if metadata.clinic_id is None:
            _add(submission, metadata, values, settings)
        else:
            _change(submission, metadata, metadata.clinic_id, values, settings)
    except SettingsRefused as refused:
        submission.ack(response_action="errors", errors=_errors(submission, refused.refusals))


def _filled_in(submission: Request, metadata: SettingsMetadata, values: Values) -> ClinicSettings:
    """The settings, once Slack was asked about the channel and everything else that can be refused was looked at."""
    channel = _channel_problem(submission, metadata, values)
    try:
        settings = settings_fields.settings(values)
        _check(submission, metadata, settings)
    except SettingsRefused as refused:
        raise SettingsRefused({**channel, **refused.refusals}) from None
    if channel:
        raise SettingsRefused(channel)
    return settings


def _check(submission: Request, metadata: SettingsMetadata, settings: ClinicSettings) -> None:
    desk, team_id, who = submission.desk, submission.team_id, submission.person
    if metadata.clinic_id is None:
        key = _key(submission, metadata)
        new_clinic.check(desk.database, team_id, settings, key=key, channels=desk.channels, who=who)
    else:
        clinic_settings.check(desk.database, team_id, metadata.clinic_id, settings, channels=desk.channels, who=who)


def _channel_problem(submission: Request, metadata: SettingsMetadata, values: Values) -> dict[ClinicField, Message]:
    channel = settings_fields.text(values, SettingsBlock.STAFF_CHANNEL)
    if not channel:
        return {}  # refused by rule
    try:
        problem = staff_channel.problem(submission.client, channel)
    except ChannelUnknown:
        changed = settings_fields.changed_here(submission.view, metadata)
        if metadata.clinic_id is not None and SettingsBlock.STAFF_CHANNEL not in changed:
            return {}  # the one that was good before: nobody has to wait with the rest until Slack is back
        problem = message(
            "Slack does not say just now whether the bot is in this channel. Everything stays as you entered it: save "
            "again in a moment."
        )
    return {} if problem is None else {ClinicField.STAFF_CHANNEL: problem}


def _add(submission: Request, metadata: SettingsMetadata, values: Values, settings: ClinicSettings) -> None:
    desk = submission.desk
    try:
        stored = new_clinic.add(
            desk.database,
            submission.team_id,
            settings,
            is_first=metadata.is_first,
            key=_key(submission, metadata),
            channels=desk.channels,
            who=submission.person,
            now=desk.clock.now(),
        )
    except Conflict as conflict:
        beside = dataclasses.replace(metadata, is_first=False)
        told = Told(note=submission.words.say(conflict.reason))
        submission.ack(response_action="update", view=settings_view.form_view(submission, values, beside, told))
        return
    desk.remember_workspace(submission.team_id)
    view = settings_saved.set_up_view(submission, stored)
    submission.ack(response_action="update", view=view)
    home.refresh(submission)


def _change(
    submission: Request, metadata: SettingsMetadata, clinic_id: int, values: Values, settings: ClinicSettings
) -> None:
    desk = submission.desk
    try:
        waiting = clinic_settings.foresee(
            desk.database,
            submission.team_id,
            clinic_id,
            settings,
            versions=metadata.versions,
            key=_key(submission, metadata),
            channels=desk.channels,
            who=submission.person,
            now=desk.clock.now(),
            most=PLANNED_AT_ONCE + 1,
        )
        if waiting > PLANNED_AT_ONCE:
            _change_afterwards(submission, metadata, clinic_id, values, settings)
            return
        changed = _stored(submission, metadata, clinic_id, settings)
    except Conflict:
        submission.ack(response_action="update", view=_as_they_stand(submission, metadata, clinic_id, values))
        return
    submission.ack(response_action="update", view=settings_saved.changed_view(submission, changed))
    desk.wake()
    home.refresh(submission)


def _change_afterwards(
    submission: Request, metadata: SettingsMetadata, clinic_id: int, values: Values, settings: ClinicSettings
) -> None:
    words = submission.words
    note = words(
        "Being saved: many waiting reminders are planned anew, which takes a while. The outcome is told in the "
        "bot's messages. If nothing comes within some minutes, save again: nothing is done twice."
    )
    kept = dataclasses.replace(metadata, kept=settings_fields.changed_here(submission.view, metadata))
    submission.ack(response_action="update", view=settings_view.form_view(submission, values, kept, Told(note=note)))

    def store() -> afterwards.Outcome:
        try:
            changed = _stored(submission, metadata, clinic_id, settings)
        except Conflict as conflict:
            view = _as_they_stand(submission, kept, clinic_id, values)
            return afterwards.Outcome(view, settings_saved.refused_message(words.say(conflict.reason)))
        except SettingsRefused as refused:
            said = [words.say(reason) for reason in refused.refusals.values()]
            view = settings_view.form_view(submission, values, kept, Told(note=" ".join(said)))
            return afterwards.Outcome(view, settings_saved.refused_message(" ".join(said)))
        submission.desk.wake()
        return settings_saved.changed_outcome(submission, changed)

    def failed(sentence: str) -> dict[str, Any]:
        return settings_view.form_view(submission, values, kept, Told(note=sentence))

    afterwards.tell(submission, store, failed)
    home.refresh(submission)


def _stored(
    submission: Request, metadata: SettingsMetadata, clinic_id: int, settings: ClinicSettings
) -> SettingsChanged:
    desk = submission.desk
    return clinic_settings.change(
        desk.database,
        submission.team_id,
        clinic_id,
        settings,
        versions=metadata.versions,
        key=_key(submission, metadata),
        channels=desk.channels,
        who=submission.person,
        now=desk.clock.now(),
    )


def _key(submission: Request, metadata: SettingsMetadata) -> str:
    """The same when Slack delivers the form twice. A new clinic's form makes one clinic, however often it is saved."""
    view = submission.view
    return f"{view['id']}:{metadata.form or view['hash']}"


def _as_they_stand(submission: Request, metadata: SettingsMetadata, clinic_id: int, mine: Values) -> dict[str, Any]:
    """The form with everything typed in it and what somebody else changed; or that it was saved, if it was."""
    found = clinic_settings.meanwhile(
        submission.desk.database, submission.team_id, clinic_id, metadata.versions, who=submission.person
    )
    if settings_meanwhile.is_the_same(mine, found):
        return settings_saved.changed_view(submission, SettingsChanged(found.stored, 0))
    changed_here = settings_fields.changed_here(submission.view, metadata)
    form = settings_meanwhile.put_together(mine, changed_here, metadata, found, submission.words)
    return settings_view.form_view(submission, form.values, form.metadata, form.told)


def _stored_view(request: Request, clinic_id: int) -> dict[str, Any]:
    found = clinic_settings.find(request.desk.database, request.team_id, clinic_id, who=request.person)
    metadata = SettingsMetadata(found.clinic_id, found.versions)
    values = settings_fields.values_of(found.settings)
    return settings_view.form_view(request, values, metadata, Told(last=found.last))


def _new_view(request: Request, settings: ClinicSettings, *, is_first: bool) -> dict[str, Any]:
    metadata = SettingsMetadata(is_first=is_first, form=secrets.token_hex(_TOKEN_BYTES))
    return settings_view.form_view(request, settings_fields.values_of(settings), metadata)


def _first_settings(request: Request) -> ClinicSettings:
    """The workspace's name, and the administrator's zone, country and language."""
    zone = request.person.zone if request.person.zone in clinic_settings.zones() else "UTC"
    return new_clinic.usual(
        name=_workspace_name(request),
        zone=zone,
        country=territory_of_zone(zone),
        language=request.words.language,
        method=Method.EMAIL if Channel.EMAIL in request.desk.channels else Method.POST,
    )


def _workspace_name(request: Request) -> str:
    try:
        return str(request.client.auth_test().get("team") or "")
    except (SlackApiError, SlackClientError, OSError):
        return ""  # it can be typed


def _errors(submission: Request, refusals: Mapping[ClinicField, Message]) -> dict[str, str]:
    """What is wrong, by the block_id under which Slack shows it; two sentences of one block stand together."""
    shown = {
        without_revision(block["block_id"]): block["block_id"]
        for block in submission.view["blocks"]
        if block["type"] == "input"
    }
    errors: dict[str, str] = {}
    for field, refusal in refusals.items():
        wanted = SettingsBlock(field.value)
        block = wanted if wanted.value in shown else _SHOWN_INSTEAD.get(wanted, SettingsBlock.NAME)
        block_id, sentence = shown[block.value], submission.words.say(refusal)
        errors[block_id] = f"{errors[block_id]} {sentence}" if block_id in errors else sentence
    return errors
