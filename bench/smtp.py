"""How many letters a second leave over SMTP, beside a bare loop with a kept connection (issue 5: at least 80 % of it)?

    python -m bench.smtp [LETTERS [ROUNDS]]

Three mail servers on this machine, each in a process of its own: the leanest that takes a letter, the same with 5 ms
between the final dot and its answer (a server that stores before it answers), and aiosmtpd. In each round every way of
sending takes its turn on the same server; a figure is the median of the rounds, a ratio the median of the ratios
within a round. The ways are

    sender      `EmailSender`: makes each message and checks it, keeps connections, minds the time
    ready       `smtplib.sendmail` of ready bytes, a kept connection for each thread
    building    `smtplib.send_message` of a message built anew for each letter, text and HTML, as any program would
    composing   `smtplib.sendmail` of what `bot.channels.mail_message.compose` makes anew for each letter

`ready` does none of the work that a letter is; beside `composing` it shows what the making costs.
"""

from __future__ import annotations

import asyncio
import dataclasses
import multiprocessing
import smtplib
import statistics
import sys
import threading
import time as stopwatch
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import date
from email.message import EmailMessage
from email.utils import format_datetime
from multiprocessing.connection import Connection
from typing import Final, TypeAlias

from aiosmtpd.smtp import SMTP, Envelope, Session

from bench.replanning import NOW, clinic_of
from bot.channels.email import EmailSender
from bot.channels.mail_message import compose
from bot.channels.outcome import Accepted
from bot.channels.protocol import OutgoingEmail
from bot.channels.rendering import Occasion, Renderer
from bot.channels.smtp_server import SmtpServer, Tls
from bot.domain.model import Client, Patient, Texts

LETTERS: Final = 1000
ROUNDS: Final = 5
THREADS: Final = (1, 8)
BODY: Final = (
    "Hej {{ client_first_name }}!\n\nDet är dags för {{ patient_name }} att vaccineras senast {{ due_date }}.\n\n"
)

Send: TypeAlias = Callable[[OutgoingEmail], None]


class _Lean(asyncio.Protocol):
    """Answers every line as a mail server that has no objections, and forgets the letter."""

    def __init__(self, wait: float) -> None:
        self._wait = wait
        self._in_text = False
        self._rest = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport
        transport.write(b"220 lean\r\n")

    def data_received(self, data: bytes) -> None:
        self._rest += data
        if self._in_text:
            if not self._rest.endswith(b"\r\n.\r\n"):
                return
            self._rest, self._in_text = b"", False
            if self._wait:
                asyncio.get_running_loop().call_later(self._wait, self._transport.write, b"250 taken\r\n")
            else:
                self._transport.write(b"250 taken\r\n")
        *lines, self._rest = self._rest.split(b"\r\n")
        for line in lines:
            if line[:4].upper() == b"DATA":
                self._in_text = True
                self._transport.write(b"354 go on\r\n")
            elif line[:4].upper() == b"QUIT":
                self._transport.write(b"221 bye\r\n")
                self._transport.close()
            else:
                self._transport.write(b"250 OK\r\n")


class _Taker:
    async def handle_DATA(self, _server: SMTP, _session: Session, _envelope: Envelope) -> str:  # noqa: N802
        return "250 taken"


def _lean() -> asyncio.Protocol:
    return _Lean(0)


def _lean_5_ms() -> asyncio.Protocol:
    return _Lean(0.005)


def _aiosmtpd() -> asyncio.Protocol:
    served: asyncio.Protocol = SMTP(_Taker(), hostname="aiosmtpd", loop=asyncio.get_running_loop())
    return served


SERVERS: Final = {"lean": _lean, "lean, 5 ms": _lean_5_ms, "aiosmtpd": _aiosmtpd}


def main(letters: int, rounds: int) -> None:
    """Print the table."""
    ways = {"sender": sender, "ready": ready, "building": building, "composing": composing}
    print(f"{'server':<12}{'threads':>7}", *(f"{way:>11}" for way in ways), *(f"of {way:>9}" for way in list(ways)[1:]))  # noqa: T201
    for name, protocol in SERVERS.items():
        with serving(protocol) as port:
            for threads in THREADS:
                rates: dict[str, list[float]] = {way: [] for way in ways}
                for _ in range(rounds):
                    for way, opened in ways.items():
                        rates[way].append(letters / _measure(opened, port, threads, letters))
                medians = [f"{statistics.median(rates[way]):9,.0f}/s" for way in ways]
                ratios = [f"{_ratio(rates['sender'], rates[way]):12.0%}" for way in list(ways)[1:]]
                print(f"{name:<12}{threads:>7}", *medians, *ratios, flush=True)  # noqa: T201


def _ratio(mine: list[float], others: list[float]) -> float:
    return statistics.median(one / other for one, other in zip(mine, others, strict=True))


def _measure(opened: Callable[[int, ExitStack], Callable[[], Send]], port: int, threads: int, letters: int) -> float:
    """Seconds from the first letter to the last; connections are open by then where they can be."""
    first = _letter()
    with ExitStack() as stack:
        for_thread = opened(port, stack)
        for_thread()(first)
        sends = [for_thread() for _ in range(threads)]
        numbered = [dataclasses.replace(first, key=f"bench-{number}") for number in range(letters)]
        parts = [numbered[thread::threads] for thread in range(threads)]
        start = threading.Barrier(threads + 1)

        def work(send: Send, part: list[OutgoingEmail]) -> None:
            start.wait()
            for letter in part:
                send(letter)

        workers = [threading.Thread(target=work, args=both) for both in zip(sends, parts, strict=True)]
        for worker in workers:
            worker.start()
        start.wait()
        began = stopwatch.perf_counter()
        for worker in workers:
            worker.join()
        return stopwatch.perf_counter() - began


def sender(port: int, stack: ExitStack) -> Callable[[], Send]:
    """One `EmailSender` for all threads."""
    mail = stack.enter_context(closing(EmailSender(SmtpServer("127.0.0.1", port, Tls.NONE), _StoppedClock())))

    def send(letter: OutgoingEmail) -> None:
        outcome = mail.send(letter)
        if not isinstance(outcome, Accepted):
            raise TypeError(outcome)

    return lambda: send


def ready(port: int, stack: ExitStack) -> Callable[[], Send]:
    """Bytes that were made before."""
    mail = compose(_letter(), NOW)

    def for_thread() -> Send:
        smtp = stack.enter_context(smtplib.SMTP("127.0.0.1", port, "[127.0.0.1]"))
        return lambda _letter: _all_taken(smtp.sendmail(mail.sender, mail.recipient, mail.data))

    return for_thread


def building(port: int, stack: ExitStack) -> Callable[[], Send]:
    """A message for each letter, by the standard library alone."""

    def for_thread() -> Send:
        smtp = stack.enter_context(smtplib.SMTP("127.0.0.1", port, "[127.0.0.1]"))

        def send(letter: OutgoingEmail) -> None:
            message = EmailMessage()
            message["From"] = f"{letter.clinic_name} <{letter.sender}>"
            message["To"] = letter.recipient
            message["Subject"] = letter.subject
            message["Date"] = format_datetime(NOW)
            message["Message-ID"] = f"<{letter.key}@bench.example>"
            message.set_content(letter.text)
            message.add_alternative(letter.html, subtype="html")
            _all_taken(smtp.send_message(message))

        return send

    return for_thread


def composing(port: int, stack: ExitStack) -> Callable[[], Send]:
    """The bot's own message for each letter, in a bare loop."""

    def for_thread() -> Send:
        smtp = stack.enter_context(smtplib.SMTP("127.0.0.1", port, "[127.0.0.1]"))

        def send(letter: OutgoingEmail) -> None:
            mail = compose(letter, NOW)
            _all_taken(smtp.sendmail(mail.sender, mail.recipient, mail.data))

        return send

    return for_thread


def _all_taken(refused: dict[str, tuple[int, bytes]]) -> None:
    if refused:
        raise ValueError(refused)


class _StoppedClock:
    now = staticmethod(lambda: NOW)


def _letter() -> OutgoingEmail:
    client = Client(1, "Åsa Öberg", "asa@example.com", None, "sv", True, True, True)
    occasion = Occasion(client, Patient(1, 1, "Maja", "hund", True, None), clinic_of(1), date(2026, 12, 24), "sv")
    mail = Renderer().email(Texts(subject="Dags att vaccinera {{ patient_name }}", email=BODY), occasion)
    return OutgoingEmail(
        key="bench",
        recipient="asa@example.com",
        sender="klinik@example.com",
        clinic_name="Djurkliniken Ekbacken",
        subject=mail.subject,
        text=mail.text,
        html=mail.html,
        language="sv",
    )


@contextmanager
def serving(protocol: Callable[[], asyncio.Protocol]) -> Iterator[int]:
    """A mail server in a process of its own; its port."""
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(protocol, there), daemon=True)
    process.start()
    try:
        yield int(here.recv())
    finally:
        process.terminate()
        process.join()


def _serve(protocol: Callable[[], asyncio.Protocol], told: Connection) -> None:
    async def forever() -> None:
        server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
        told.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(forever())


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else LETTERS,
        int(sys.argv[2]) if len(sys.argv) > 2 else ROUNDS,
    )
