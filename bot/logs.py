"""What may stand in the log, and how does it get there?

A line tells what happened (an event's name), to what (ids, codes, counts) and where in the source, never whom it
concerns or what was written to them (rule P18). Nobody has to remember that while writing one:

- Of the bot's own lines, fields pass by name and shape: see `NUMBERS` and `CODES`. Anything else is withheld.
- Of libraries' lines, warnings and worse are told by logger, place and exception alone. Their messages are not:
  slack_bolt repeats whole requests in *Unhandled request*, SQLAlchemy its statement, smtplib the recipient.
- Of exceptions, types and frames are told, neither messages nor local variables.

`configure` is called once, by the entry point.
"""

from __future__ import annotations

import contextlib
import logging
import re
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Protocol, TextIO

import structlog
from structlog.typing import EventDict, Processor

NUMBERS: Final = frozenset(
    {
        "attempt",
        "clinic",
        "count",
        "delivery",
        "due",
        "failed",
        "found",
        "line",
        "occurrence",
        "pid",
        "port",
        "reminder",
        "seconds",
        "sent",
        "status",
        "task",
        "workspace",
    }
)
"""Fields that hold an id of ours, a count or a duration: whole or decimal numbers."""

CODES: Final = frozenset(
    {
        "alarm",
        "channel",
        "code",
        "command",
        "error",
        "event_id",
        "kind",
        "listener",
        "method",
        "mode",
        "outcome",
        "reason",
        "revision",
        "setting",
        "signal",
        "state",
        "team",
        "user",
        "version",
    }
)
"""Fields that hold a name out of the source, or an id of Slack's: see `_CODE`."""

WITHHELD: Final = "(withheld)"

_EVENT = re.compile(r"[a-z][a-z0-9-]{0,63}", re.ASCII)
_CODE = re.compile(r"(?!.*\d{7})[A-Za-z0-9_.:/-]{1,64}", re.ASCII)
_PROJECT = Path(__file__).parents[1]
_MOST_FRAMES = 40
_MOST_CAUSES = 5


class _Logs(Protocol):
    def log(self, level: int, event: str, /, **fields: object) -> None: ...


def configure(level: str, log_format: str, stream: TextIO | None = None) -> None:
    """Send every line of this process to `stream` (standard error if not given), guarded.

    Args:
        level: the least important line of the bot's own that is shown: `DEBUG`, `INFO`, `WARNING` or `ERROR`.
        log_format: `json` (one object a line) or `text`.
        stream: where the lines go. A line that cannot be written is lost; the work goes on.
    """
    out = sys.stderr if stream is None else stream
    renderer: Processor = (
        structlog.processors.JSONRenderer()
        if log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=out.isatty(), exception_formatter=structlog.dev.plain_traceback)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            guard,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_names: _Lines(out),
        cache_logger_on_first_use=False,
    )
    logging.root.handlers[:] = [_LibraryHandler()]
    logging.root.setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread
    sys.unraisablehook = _unraisable


def guard(_logger: object, _method: str, line: EventDict) -> EventDict:
    """Let through what may stand in the log; of anything else, the field's name."""
    guarded: EventDict = {"event": _event(line.pop("event", ""))}
    error = _error(line.pop("exc_info", None))
    if error is not None:
        guarded["exception"] = described(error)
    place = line.pop("_place", None)
    if isinstance(place, _Place):
        guarded.update(logger=place.logger, place=place.place)
    for name, value in line.items():
        if name in NUMBERS or name in CODES:
            guarded[name] = _value(name, value)
        else:
            guarded.setdefault("withheld", []).append(name if _CODE.fullmatch(name) else WITHHELD)
    return guarded


def described(error: BaseException) -> str:
    """The types and frames of an exception and of what caused it, innermost cause last; no message, no locals."""
    told: list[str] = []
    current: BaseException | None = error
    while current is not None and len(told) < _MOST_CAUSES:
        frames = [*_frames(current.__traceback__)][-_MOST_FRAMES:]
        told.append("\n".join([*(f"  {frame}" for frame in frames), _type_name(current)]))
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return "\ncaused by\n".join(told)


class _Place:
    """Where a library logged. A class of its own, so that no field of the bot's lines passes for one."""

    def __init__(self, record: logging.LogRecord) -> None:
        self.logger = record.name if _CODE.fullmatch(record.name) else WITHHELD
        self.place = f"{_short(record.pathname)}:{record.lineno}"


class _LibraryHandler(logging.Handler):
    """Turns a library's warning into a line of ours, without its message."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self._log: _Logs = structlog.get_logger()

    def emit(self, record: logging.LogRecord) -> None:
        """Log where it happened, and with which exception."""
        error = record.exc_info[1] if record.exc_info else None
        self._log.log(record.levelno, "library-message", _place=_Place(record), exc_info=error)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Stay silent: the default prints the message."""


class _Lines:
    """Writes finished lines. A full disk or a closed pipe must not stop a reminder, so it is passed over."""

    _lock = threading.Lock()

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def msg(self, line: str) -> None:
        with self._lock, contextlib.suppress(OSError, ValueError):
            self._stream.write(line + "\n")
            self._stream.flush()

    log = debug = info = warning = error = critical = exception = msg


def _event(event: object) -> str:
    return event if isinstance(event, str) and _EVENT.fullmatch(event) else WITHHELD


def _value(name: str, value: object) -> object:
    if value is None or isinstance(value, bool):
        return value
    if name in NUMBERS:
        return value if isinstance(value, int | float) else WITHHELD
    return str(value) if isinstance(value, str) and _CODE.fullmatch(value) else WITHHELD


def _error(exc_info: object) -> BaseException | None:
    if isinstance(exc_info, BaseException):
        return exc_info
    if isinstance(exc_info, tuple):
        return next((part for part in exc_info if isinstance(part, BaseException)), None)
    return sys.exc_info()[1] if exc_info else None


def _frames(traceback: TracebackType | None) -> list[str]:
    frames = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        frames.append(f"{_short(code.co_filename)}:{traceback.tb_lineno} in {code.co_name}")
        traceback = traceback.tb_next
    return frames


def _short(file: str) -> str:
    """A file's path from its package on: the rest tells where, and under whose name, the bot is installed."""
    if file.startswith("<"):
        return "<code>"
    path = Path(file)
    if path.is_relative_to(_PROJECT) and "site-packages" not in path.parts:
        return path.relative_to(_PROJECT).as_posix()
    below = path.parts[path.parts.index("site-packages") + 1 :] if "site-packages" in path.parts else path.parts[-2:]
    return "/".join(below)


def _type_name(error: BaseException) -> str:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    if isinstance(error, BaseExceptionGroup):
        return f"{name} of {', '.join(sorted({_type_name(one) for one in error.exceptions}))}"
    return name


def _uncaught(_kind: type[BaseException], error: BaseException, _traceback: TracebackType | None) -> None:
    if not isinstance(error, KeyboardInterrupt):
        structlog.get_logger().critical("uncaught", exc_info=error)


def _uncaught_in_thread(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
        structlog.get_logger().critical("uncaught-in-thread", exc_info=arguments.exc_value)


def _unraisable(arguments: Any) -> None:  # noqa: ANN401 - sys.UnraisableHookArgs exists for type checkers only
    structlog.get_logger().error("unraisable", exc_info=arguments.exc_value)
