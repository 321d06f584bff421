"""What does the app ask of Slack: commands, events, scopes?

`manifest.yml` at the top of the repository is what Slack is given when the app is made; the bot and its checks read the
same file. In an installed package it lies beside this module.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

_HERE = Path(__file__).parent


def path() -> Path:
    """Where the manifest lies."""
    installed = _HERE / "manifest.yml"
    return installed if installed.exists() else _HERE.parent / "manifest.yml"


def read() -> dict[str, Any]:
    """The manifest.

    Raises:
        OSError: if it is not there.
        yaml.YAMLError: if it is not YAML.
    """
    loaded: dict[str, Any] = yaml.safe_load(path().read_text(encoding="utf-8"))
    return loaded


def bot_scopes(manifest: dict[str, Any]) -> frozenset[str]:
    """The permissions that the bot's token needs."""
    return frozenset(manifest["oauth_config"]["scopes"]["bot"])
