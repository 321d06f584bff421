"""What can be typed after `/reminder`?

One table: the help is made from it, and nothing is understood that is not in it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Final

from blocks import notices
from blocks.ids import Command
from bot.i18n import Words
from bot.services import workspaces
from bot.slack import client_page, prefilled_form, reminder_list, settings_form, template_list
from bot.slack.requests import Request


@dataclasses.dataclass(frozen=True, slots=True)
class Subcommand:
    """A word that may follow the command, what it does, and how the help describes it."""

    word: str
    listener: Callable[[Request], None]
    description: Callable[[Words], str]
    translated: Mapping[str, str]
    """The same word in the languages of those who type it; whoever types, each of them is understood."""

    @property
    def spellings(self) -> frozenset[str]:
        """The word in every language."""
        return frozenset((self.word, *self.translated.values()))


_HELP: Final[Mapping[str, str]] = {"sv": "hjälp", "fi": "ohje"}


def show_help(command: Request) -> None:
    """Say what can be typed; a word that is not understood is repeated first.

    Raises:
        NotSetUp: if no clinic is set up and it was not the help that was asked for.
    """
    typed = _first_word(command.typed)
    is_asked_for = typed in {"help", *_HELP.values()}
    if not is_asked_for:
        workspaces.clinics_of(command.desk.database, command.team_id)  # without one there is nothing yet to be typed
    command.ack(
        **notices.help_message(help_rows(command.words), command.words, not_understood="" if is_asked_for else typed),
        response_type="ephemeral",
    )


SUBCOMMANDS: tuple[Subcommand, ...] = (
    Subcommand(
        "new",
        prefilled_form.open_with_words,
        lambda words: words("Make a reminder; words such as patient, template and date after it are filled in."),
        {"sv": "ny", "fi": "uusi"},
    ),
    Subcommand(
        "client",
        client_page.open_named,
        lambda words: words("Show a client with patients, reminders and history: type a name after it."),
        {"sv": "kund", "fi": "asiakas"},
    ),
    Subcommand(
        "list",
        reminder_list.show,
        lambda words: words("Show the reminders; words after it, such as a patient's name, are looked for."),
        {"sv": "lista", "fi": "lista"},
    ),
    Subcommand(
        "templates",
        template_list.open_list,
        lambda words: words("Look at, make and change the templates."),
        {"sv": "mallar", "fi": "pohjat"},
    ),
    Subcommand(
        "settings",
        settings_form.open_settings,
        lambda words: words("Set up a clinic, and change its settings (administrators only)."),
        {"sv": "inställningar", "fi": "asetukset"},
    ),
    Subcommand("help", show_help, lambda words: words("Show what you can type."), _HELP),
)


def run(command: Request) -> None:
    """Do what was typed; anything else, and nothing at all, is answered with the help."""
    typed = _first_word(command.typed)
    listener = next((sub.listener for sub in SUBCOMMANDS if typed in sub.spellings), show_help)
    listener(command)


def help_rows(words: Words) -> list[notices.HelpRow]:
    """The table as the help shows it, each word in the reader's language."""
    return [
        notices.HelpRow(f"{Command.REMINDER} {sub.translated.get(words.language, sub.word)}", sub.description(words))
        for sub in SUBCOMMANDS
    ]


def _first_word(text: str) -> str:
    return (text.split() or [""])[0].lower()
