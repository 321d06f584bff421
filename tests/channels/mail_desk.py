"""Which mail server answers differently at the second letter of its first connection, and knows what it has taken?"""

from __future__ import annotations

import contextlib
import dataclasses
import email
import email.policy
import socket
import struct
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from tests.channels.peers import server_tls

PATIENCE = 20

_PROPER = {
    "GREETING": "220 mail.test",
    "EHLO": "250-mail.test\r\n250-SIZE 1000000\r\n250 SMTPUTF8",
    "NOOP": "250 OK",
    "RSET": "250 OK",
    "MAIL": "250 OK",
    "RCPT": "250 OK",
    "DATA": "354 go on",
    "DOT": "250 2.0.0 queued as 4711",
    "QUIT": "221 Bye",
}


@dataclasses.dataclass(frozen=True, slots=True)
class At:
    """A moment of the server's life: the n-th connection, the n-th letter begun in it (0 before any), and the step.

    The steps are the commands, besides GREETING, DOT (the end of the text) and AFTER (when the dot was answered).
    """

    connection: int
    letter: int
    step: str


class Desk:
    """A mail server on a free port; `faults` says what it answers where, else it does as it should.

    An answer is a line of SMTP, after whose 421 the server hangs up, or one of: `drop` and `reset` (it hangs up without
    a word), `silence` (it says no more), `taken-drop` and `taken-silence` (the same, but it has the letter), `held` (it
    answers as it should once told to `go_on`), `lingering 421 …` (it hangs up only when the client does).
    """

    def __init__(self, port: int, faults: Mapping[At, str]) -> None:
        self.port = port
        self.faults = faults
        self.dialogues: list[list[str]] = []
        self.taken: list[str] = []
        self._changed = threading.Condition()
        self._over = threading.Event()
        self._going_on = threading.Event()

    @property
    def connections(self) -> int:
        return len(self.dialogues)

    def wait_for(self, condition: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE), self.dialogues

    def serve(self, connection: socket.socket, number: int) -> None:
        """One client, to its end."""
        with connection, connection.makefile("rb") as lines, contextlib.suppress(OSError, StopIteration):
            self._converse(connection, lines, number)

    def go_on(self) -> None:
        self._going_on.set()

    def leave(self) -> None:
        self._going_on.set()
        self._over.set()

    def began(self) -> int:
        with self._changed:
            self.dialogues.append([])
            return len(self.dialogues)

    def _converse(self, connection: socket.socket, lines: BinaryIO, number: int) -> None:
        letter = 0
        self._answer(connection, At(number, letter, "GREETING"))
        for line in lines:
            verb = line[:4].decode("ascii", "replace").upper()
            letter += verb == "MAIL"
            self._note(number, verb)
            proceeds = self._answer(connection, At(number, letter, verb))
            if verb == "QUIT":
                return
            if verb == "DATA" and proceeds:
                content = _text(lines)
                self._note(number, "DOT")
                self._answer(connection, At(number, letter, "DOT"), content)
                if At(number, letter, "AFTER") in self.faults:
                    self._answer(connection, At(number, letter, "AFTER"))

    def _answer(self, connection: socket.socket, at: At, content: bytes = b"") -> bool:
        proper = _PROPER.get(at.step, "500 what?")
        answer = self.faults.get(at, proper)
        if answer == "held":
            self._going_on.wait(PATIENCE)
            answer = proper
        if at.step == "DOT" and answer.startswith(("2", "taken")):
            message = email.message_from_bytes(content, policy=email.policy.SMTP)
            with self._changed:
                self.taken.append(str(message["Message-ID"]))
                self._changed.notify_all()
        match answer.removeprefix("taken-"):
            case "drop":
                raise StopIteration
            case "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                raise StopIteration
            case "silence":
                self._over.wait(PATIENCE)
                raise StopIteration
            case line:
                connection.sendall(f"{line.removeprefix('lingering ')}\r\n".encode())
        if answer.startswith("421"):
            raise StopIteration
        return answer.startswith("354")

    def _note(self, number: int, what: str) -> None:
        with self._changed:
            self.dialogues[number - 1].append(what)
            self._changed.notify_all()


@contextlib.contextmanager
def desk(faults: Mapping[At, str] | None = None, *, tls: bool = False) -> Iterator[Desk]:
    """A server in threads of its own; with `tls` from the first byte."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)
    served = Desk(listener.getsockname()[1], faults or {})
    clients: list[tuple[socket.socket, threading.Thread]] = []

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                plain, _ = listener.accept()
                plain.settimeout(PATIENCE)
                connection = server_tls().wrap_socket(plain, server_side=True) if tls else plain
                thread = threading.Thread(target=served.serve, args=(connection, served.began()), name="desk-client")
                clients.append((connection, thread))
                thread.start()

    accepting = threading.Thread(target=accept, name="desk")
    accepting.start()
    try:
        yield served
    finally:
        served.leave()
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        accepting.join(PATIENCE)
        for connection, thread in clients:
            with contextlib.suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)
            thread.join(PATIENCE)


def _text(lines: BinaryIO) -> bytes:
    content = b""
    for line in lines:
        if line == b".\r\n":
            return content
        content += line
    raise StopIteration
