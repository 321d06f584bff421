"""What does the bot say that is not about one reminder: help, refusals, errors, contact details?

All of it is for one person: ephemeral messages, or a modal.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from blocks.elements import Json, actions, button, context, exact, section, sections
from blocks.ids import Action, ViewId
from blocks.limits import VIEW_BUTTON, VIEW_TITLE, clip
from blocks.limits_blocks import SECTION_TEXT
from blocks.text import bold, escape, plain
from blocks.translator import Words

_USAGE_LENGTH = 100
_DESCRIPTION_LENGTH = 300
_HELP_ROWS = 25
_SENTENCE_LENGTH = SECTION_TEXT - 100
_CODE_LENGTH = 100
_ADDRESS_LENGTH = 400
_NAME_LENGTH = 200


@dataclasses.dataclass(frozen=True, slots=True)
class HelpRow:
    """One command: how it is typed, and what it does."""

    usage: str
    description: str


@dataclasses.dataclass(frozen=True, slots=True)
class ContactDetails:
    """How to reach one client; shown to whoever asked, and to nobody else."""

    client: str
    patient: str
    phone: str = ""
    email: str = ""
    note: str = ""


def help_message(rows: Sequence[HelpRow], words: Words, *, not_understood: str = "") -> Json:
    """What can be typed; `not_understood` is the mistyped word that brought somebody here."""
    title = words("What you can type")
    lines = [bold(title)]
    if not_understood:
        typed = escape(not_understood, _USAGE_LENGTH)
        lines.insert(0, words("I don't know “{typed}”.", typed=typed))
    lines += [
        f"• {bold(escape(row.usage, _USAGE_LENGTH))}: {escape(row.description, _DESCRIPTION_LENGTH)}"
        for row in rows[:_HELP_ROWS]
    ]
    new = button(Action.REMINDER_NEW.value, words("New reminder"), style="primary")
    return {"text": lines[0] if not_understood else title, "blocks": [*sections(lines), actions(new)]}


def refusal_message(reason: str) -> Json:
    """A finished sentence that says what is wrong and what would work."""
    text = f"⚠️ {escape(reason, _SENTENCE_LENGTH, lines=True)}"
    return {"text": text, "blocks": [section(text)]}


def refusal_view(reason: str, words: Words) -> Json:
    """The same, for somebody who is in a modal or has no channel to be answered in."""
    return _notice(ViewId.NOTICE, words("That is not possible"), refusal_message(reason)["blocks"], words)


def told_message(told: Sequence[str]) -> Json:
    """Finished sentences, each in a paragraph of its own."""
    lines = [escape(one, _SENTENCE_LENGTH) for one in told]
    return {"text": clip(" ".join(lines), SECTION_TEXT), "blocks": [section(line) for line in lines]}


def mrkdwn_message(text: str) -> Json:
    """A finished sentence in mrkdwn, for one that holds a mention; whatever was typed has been escaped before."""
    return {"text": clip(text, SECTION_TEXT), "blocks": [section(text)]}


def refusal_home(reason: str) -> Json:
    """The same, as the whole App Home."""
    return {"type": "home", "callback_id": ViewId.HOME.value, "blocks": refusal_message(reason)["blocks"]}


def failure_message(code: str, words: Words) -> Json:
    """Something unexpected happened; the code finds the line in the log."""
    text = _failure(words)
    return {"text": text, "blocks": [section(f"⚠️ {text}"), context(_code(code, words))]}


def failure_view(code: str, words: Words) -> Json:
    """The same, for somebody who is in a modal."""
    return _notice(
        ViewId.NOTICE, words("Something went wrong"), [section(_failure(words)), context(_code(code, words))], words
    )


def contact_details_view(details: ContactDetails, words: Words) -> Json:
    """The client's phone number and e-mail address, to the letter, as a modal that one person alone sees."""
    return _notice(ViewId.CONTACT_DETAILS, words("Contact details"), _details(details, words), words)


def _failure(words: Words) -> str:
    return words("Something went wrong. Look at how it stands before you try again.")


def _code(code: str, words: Words) -> str:
    return words("If it happens again, tell your administrator this code: {code}", code=escape(code, _CODE_LENGTH))


def _details(details: ContactDetails, words: Words) -> list[Json]:
    client, patient = escape(details.client, _NAME_LENGTH), escape(details.patient, _NAME_LENGTH)
    blocks = [section(bold(words("{client}, about {patient}", client=client, patient=patient)))]
    known = [(words("Phone number"), details.phone), (words("E-mail address"), details.email)]
    for name, address in known:
        shown = clip(address, _ADDRESS_LENGTH) if address.strip() else words("not known")
        blocks.append(exact(f"{name}: {shown}"))
    if details.note:
        blocks.append(context(escape(details.note, _SENTENCE_LENGTH)))
    return blocks


def _notice(view_id: ViewId, title: str, blocks: list[Json], words: Words) -> Json:
    return {
        "type": "modal",
        "callback_id": view_id.value,
        "title": plain(title, VIEW_TITLE).to_dict(),
        "close": plain(words("Close"), VIEW_BUTTON).to_dict(),
        "blocks": blocks,
    }
