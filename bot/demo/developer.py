"""What can a developer ask of the workspace that no person in Slack can?

The requests of PAGE.md's developer drawer: what was said between the app and the workspace, and faults on demand.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Protocol

from bot.demo.errors import Refusal
from bot.demo.faults import Fault, Faults, Network
from bot.demo.record import Record

Object = dict[str, Any]

LONGEST_ABSENCE = 3600.0
LONGEST_LATENCY = 30.0
MOST_TIMES = 1000
REASONS = ("refresh_requested", "warning")
"""Why Slack asks for a new socket ("Using Socket Mode")."""
_FLAGS = ("drop_before", "drop_after", "time_out_before", "time_out_after")


class Workspace(Protocol):
    """What of `LocalWorkspace` is needed here."""

    def heal(self) -> None:
        """Let everything work again."""

    def go_away(self, seconds: float) -> None:
        """Be out of reach for a while."""

    def slow_down(self, seconds: float) -> None:
        """Delay everything."""

    def deliver_twice(self, twice: bool) -> None:
        """Deliver everything twice."""

    def drop_sockets(self) -> None:
        """Cut the app's sockets."""

    def ask_to_reconnect(self, reason: str = ...) -> None:
        """Ask for new sockets."""

    @property
    def delivers_twice(self) -> bool:
        """Is everything delivered twice?"""


class Developer:
    """Answers the drawer. None of it is a change in the workspace that a person would see."""

    def __init__(self, workspace: Workspace, faults: Faults, network: Network, record: Record) -> None:
        self._workspace = workspace
        self._faults = faults
        self._network = network
        self._record = record

    def answer(self, request: Mapping[str, Any]) -> Object:
        """Do what the drawer asks; Refusal if there is no such request, ValueError if a number is out of bounds."""
        match request["type"]:
            case "record":
                return {
                    "exchanges": [_shown(exchange) for exchange in self._record.after(int(request.get("after", 0)))]
                }
            case "faults":
                pass
            case "fault":
                self._faults.add(str(request["method"]).strip() or "*", _fault(request), _times(request))
            case "clear":
                self._workspace.heal()
            case "away":
                self._workspace.go_away(_within(float(request["seconds"]), LONGEST_ABSENCE))
            case "slow":
                self._workspace.slow_down(_within(float(request["seconds"]), LONGEST_LATENCY))
            case "twice":
                self._workspace.deliver_twice(bool(request["on"]))
            case "drop":
                self._workspace.drop_sockets()
            case "reconnect":
                self._workspace.ask_to_reconnect(_reason(request))
            case _:
                raise Refusal("unknown_request")
        return self._conditions()

    def _conditions(self) -> Object:
        waiting = [
            {"method": method, "what": str(fault), "times": times} for method, fault, times in self._faults.waiting()
        ]
        return {
            "waiting": waiting,
            "away": round(self._network.away_for, 1),
            "slow": self._network.latency,
            "twice": self._workspace.delivers_twice,
        }


def _shown(exchange: Any) -> Object:  # noqa: ANN401 - a dataclass
    return {**dataclasses.asdict(exchange), "at": exchange.at.isoformat()}


def _fault(request: Mapping[str, Any]) -> Fault:
    flags: dict[str, bool] = {flag: True for flag in _FLAGS if request.get(flag)}
    error, status = request.get("error"), request.get("status")
    return Fault(
        error=None if error is None else str(error),
        status=None if status is None else int(_within(int(status), 599, least=400)),
        retry_after=int(_within(int(request.get("retry_after", 1)), LONGEST_ABSENCE)),
        **flags,
    )


def _reason(request: Mapping[str, Any]) -> str:
    reason = str(request.get("reason") or REASONS[0])
    if reason not in REASONS:
        raise ValueError(f"{reason} is none of {', '.join(REASONS)}")
    return reason


def _times(request: Mapping[str, Any]) -> int:
    return int(_within(int(request.get("times", 1)), MOST_TIMES, least=1))


def _within(number: float, most: float, *, least: float = 0) -> float:
    if not least <= number <= most:
        raise ValueError(f"{number} is not between {least} and {most}")
    return number
