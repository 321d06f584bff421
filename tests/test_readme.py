"""Does the README speak of things that are there?"""

from __future__ import annotations

import re
from pathlib import Path

from bot.settings import EXAMPLES

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_file_that_the_readme_links_to_exists() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if "://" not in link]
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_the_readme_names_every_setting() -> None:
    assert [name for name in EXAMPLES if f"`{name}`" not in README] == []


def test_the_readme_has_one_command_to_try_and_one_to_test() -> None:
    assert len(re.findall(r"^```sh demo$", README, re.MULTILINE)) == 1
    assert len(re.findall(r"^```sh test$", README, re.MULTILINE)) == 1
