"""Can a newcomer find out from the command itself what it does?"""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import cli
from tests.acceptance.processes import Process


def test_the_help_lists_every_command_with_what_it_is_for(tmp_path: Path) -> None:
    with Process("--help", environment={}, folder=tmp_path) as process:
        ended = process.ended()
    assert (ended.status, ended.err) == (0, "")
    assert ended.out.splitlines()[-6:] == [
        "Commands:",
        "  demo    Try everything on this machine, without Slack.",
        "  run     Run the bot in the workspace of SLACK_BOT_TOKEN, until Ctrl+C.",
        "  check   Look whether the bot would run, one line for each thing it needs.",
        "  db      Set up the database.",
        "  clinic  Set up clinics.",
    ]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["demo"], "A local Slack workspace with a sample clinic"),
        (["run"], "Asked to stop a second time, it ends at once."),
        (["check"], "A line that begins with FAIL says"),
        (["db"], "upgrade Bring the database at DATABASE_URL to this version's schema."),
        (["db", "upgrade"], "Harmless if it is there already."),
        (["clinic"], "load Store a clinic with its clients, patients and templates."),
        (["clinic", "load"], "A file like bot/sample_clinic.toml."),
    ],
)
def test_each_command_has_a_help_of_its_own_in_plain_text(arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(cli, [*arguments, "--help"])
    assert result.exit_code == 0
    assert sentence in " ".join(result.output.split())
    assert result.output.isascii()  # neither boxes nor colours
    assert max(len(line) for line in result.output.splitlines()) <= 80


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["runn"], "No such command 'runn'. Did you mean 'run'?"),
        (["run", "--fast"], "No such option: --fast"),
        (["clinic", "load"], "Missing argument 'FILE'."),
        (["demo", "--port", "70000"], "Invalid value for '--port'"),
    ],
)
def test_what_is_mistyped_is_refused_with_a_hint_and_status_two(arguments: list[str], sentence: str) -> None:
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 2
    assert sentence in result.output
    assert "--help" in result.output
