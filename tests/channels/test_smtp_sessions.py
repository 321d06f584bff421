"""A connection kept between letters saves time and doubles nothing, whatever the server does to it."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.channels.email import EmailSender
from bot.channels.outcome import Accepted, Outcome, RefusedForGood, TryLater, Unclear
from bot.channels.protocol import OutgoingEmail
from bot.channels.smtp_server import SmtpServer, Tls
from bot.channels.smtp_session import SmtpTimes
from bot.channels.smtp_sessions import IDLE_AT_MOST, LETTERS_AT_MOST, OPEN_AT_MOST
from tests.channels.mail_desk import At, desk
from tests.channels.peers import Mailbox, client_tls, mail_server, server_tls
from tests.channels.test_email import IMPATIENT, LETTER, TIMES, StoppedClock

PATIENT = 20
WHOLE_LETTER = ["MAIL", "RCPT", "DATA", "DOT"]


class HandTimer:
    """A monotonic clock that is moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@contextlib.contextmanager
def sender_to(
    port: int, times: SmtpTimes = TIMES, timer: HandTimer | None = None, tls: Tls = Tls.NONE
) -> Iterator[EmailSender]:
    server = SmtpServer("127.0.0.1", port, tls)
    sender = EmailSender(server, StoppedClock(), times, client_tls(), timer or HandTimer())
    with contextlib.closing(sender):
        yield sender


def letter(number: int) -> OutgoingEmail:
    return dataclasses.replace(LETTER, key=f"d-{number}")


def message_id(number: int) -> str:
    return f"<d-{number}@djuren.example>"


def accepted(number: int) -> Accepted:
    return Accepted(message_id(number))


def send(sender: EmailSender, *numbers: int) -> list[Outcome]:
    return [sender.send(letter(number)) for number in numbers]


def test_one_connection_serves_several_letters() -> None:
    with desk() as there:
        with sender_to(there.port) as sender:
            assert send(sender, 1, 2, 3) == [accepted(1), accepted(2), accepted(3)]
            assert there.dialogues == [["EHLO", *WHOLE_LETTER * 3]]
        assert there.dialogues == [["EHLO", *WHOLE_LETTER * 3, "QUIT"]]
    assert there.taken == [message_id(1), message_id(2), message_id(3)]


@pytest.mark.parametrize("tls", [Tls.STARTTLS, Tls.IMPLICIT])
def test_a_protected_connection_is_kept_with_its_login(tls: Tls) -> None:
    mailbox = Mailbox()
    options = {"tls": True} if tls is Tls.IMPLICIT else {"tls_context": server_tls()}
    with mail_server(mailbox, **options) as port, sender_to(port, tls=tls) as sender:
        assert send(sender, 1, 2, 3) == [accepted(1), accepted(2), accepted(3)]
    assert mailbox.commands.count("EHLO") == (1 if tls is Tls.IMPLICIT else 2)
    assert len(mailbox.envelopes) == 3


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("end", ["drop", "reset", "421 4.4.2 timed out"])
def test_a_letter_meets_a_connection_that_the_server_ended_meanwhile(end: str, *, tls: bool) -> None:
    with (
        desk({At(1, 1, "AFTER"): end}, tls=tls) as there,
        sender_to(there.port, tls=Tls.IMPLICIT if tls else Tls.NONE) as sender,
    ):
        assert send(sender, 1, 2, 3) == [accepted(1), accepted(2), accepted(3)]
        assert there.connections == 2
    assert there.taken == [message_id(1), message_id(2), message_id(3)]


def test_an_answer_too_many_is_not_taken_for_the_next_letters() -> None:
    with desk({At(1, 1, "DOT"): "250 queued\r\n550 5.1.1 no such user"}) as there, sender_to(there.port) as sender:
        assert send(sender, 1, 2) == [accepted(1), accepted(2)]
        assert there.dialogues == [["EHLO", *WHOLE_LETTER], ["EHLO", *WHOLE_LETTER]]


@pytest.mark.parametrize(
    "answer",
    ["drop", "reset", "421 4.7.0 too many letters", "451 4.7.0 too many letters", "550 enough", "530 who?", "what?"],
)
def test_what_a_kept_session_answers_to_mail_is_no_answer_about_the_letter(answer: str) -> None:
    with desk({At(1, 2, "MAIL"): answer}) as there, sender_to(there.port) as sender:
        assert send(sender, 1, 2, 3) == [accepted(1), accepted(2), accepted(3)]
        goodbye = [] if answer[:3] in {"dro", "res", "421"} else ["QUIT"]
        there.wait_for(lambda: there.dialogues[0] == ["EHLO", *WHOLE_LETTER, "MAIL", *goodbye])
        assert there.dialogues[1:] == [["EHLO", *WHOLE_LETTER * 2]]
    assert there.taken == [message_id(1), message_id(2), message_id(3)]


def test_a_kept_session_that_says_nothing_to_mail_is_let_go() -> None:
    with desk({At(1, 2, "MAIL"): "silence"}) as there, sender_to(there.port, IMPATIENT) as sender:
        assert send(sender, 1, 2) == [accepted(1), accepted(2)]
        assert there.connections == 2


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("421 4.3.2 closing", TryLater("mail-421-4.3.2")),
        ("drop", TryLater("mail-dropped")),
        ("550 5.7.1 not you", RefusedForGood("mail-550-5.7.1")),
    ],
)
def test_a_letter_begins_anew_only_once(answer: str, outcome: Outcome) -> None:
    faults = {At(1, 2, "MAIL"): "drop", At(2, 1, "MAIL"): answer}
    with desk(faults) as there, sender_to(there.port) as sender:
        assert send(sender, 1, 2) == [accepted(1), outcome]
        assert there.connections == 2


def test_a_letter_meets_a_server_that_is_gone() -> None:
    with contextlib.ExitStack() as opened:
        with contextlib.ExitStack() as server:
            there = server.enter_context(desk())
            sender = opened.enter_context(sender_to(there.port))
            assert send(sender, 1) == [accepted(1)]
        assert send(sender, 2) == [TryLater("connect-refused")]


TABLE: list[tuple[str, str, Outcome, int, bool]] = [
    # step, what the server does there at the second letter, its outcome, connections in all, taken
    ("RCPT", "550 5.1.1 no such user", RefusedForGood("rcpt-550-5.1.1"), 1, False),
    ("RCPT", "450 4.2.0 greylisted", TryLater("rcpt-450-4.2.0"), 1, False),
    ("RCPT", "421 4.3.2 closing", TryLater("rcpt-421-4.3.2"), 2, False),
    ("RCPT", "lingering 421 4.3.2 closing", TryLater("rcpt-421-4.3.2"), 2, False),
    ("RCPT", "530 5.7.0 who are you?", TryLater("login"), 2, False),
    ("RCPT", "drop", TryLater("rcpt-dropped"), 2, False),
    ("RCPT", "what?", TryLater("rcpt-odd-answer"), 2, False),
    ("DATA", "554 5.6.0 no", RefusedForGood("data-554-5.6.0"), 1, False),
    ("DATA", "451 4.3.0 later", TryLater("data-451-4.3.0"), 1, False),
    ("DATA", "250 OK", TryLater("data-odd-answer"), 2, False),
    ("DATA", "reset", TryLater("data-dropped"), 2, False),
    ("DOT", "554 5.6.0 no", RefusedForGood("dot-554-5.6.0"), 2, False),
    ("DOT", "451 4.3.0 later", TryLater("dot-451-4.3.0"), 2, False),
    ("DOT", "421 4.3.2 closing", TryLater("dot-421-4.3.2"), 2, False),
    ("DOT", "drop", Unclear("dot-dropped"), 2, False),
    ("DOT", "taken-drop", Unclear("dot-dropped"), 2, True),
    ("DOT", "what?", Unclear("dot-odd-answer"), 2, False),
    ("DOT", "354 go on", Unclear("dot-odd-answer"), 2, False),
]


@pytest.mark.parametrize(("step", "answer", "outcome", "connections", "taken"), TABLE)
def test_after_mail_a_kept_session_follows_the_rules_of_a_fresh_one(
    step: str, answer: str, outcome: Outcome, connections: int, *, taken: bool
) -> None:
    with desk({At(1, 2, step): answer}) as there, sender_to(there.port) as sender:
        assert send(sender, 1, 2, 3) == [accepted(1), outcome, accepted(3)]
        assert there.connections == connections
    assert there.taken == [message_id(1), *([message_id(2)] if taken else []), message_id(3)]
    assert sum(dialogue.count("MAIL") for dialogue in there.dialogues) == 3


@pytest.mark.parametrize(("step", "outcome"), [("RCPT", TryLater("rcpt-timeout")), ("DATA", TryLater("data-timeout"))])
def test_silence_before_the_dot_ends_the_session(step: str, outcome: Outcome) -> None:
    with desk({At(1, 2, step): "silence"}) as there, sender_to(there.port, IMPATIENT) as sender:
        assert send(sender, 1, 2, 3) == [accepted(1), outcome, accepted(3)]
        assert there.connections == 2


def test_silence_after_the_dot_is_unclear_and_ends_the_session() -> None:
    with desk({At(1, 2, "DOT"): "taken-silence"}) as there, sender_to(there.port, IMPATIENT) as sender:
        assert send(sender, 1, 2, 3) == [accepted(1), Unclear("dot-timeout"), accepted(3)]
    assert there.taken == [message_id(1), message_id(2), message_id(3)]


@pytest.mark.parametrize("step", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize("first", [True, False])
def test_a_refusal_is_followed_by_a_reset(step: str, *, first: bool) -> None:
    refused, taken = (1, 2) if first else (2, 1)
    with desk({At(1, refused, step): "550 no"}) as there, sender_to(there.port) as sender:
        outcomes = dict(zip((1, 2, 3), send(sender, 1, 2, 3), strict=True))
        if step == "MAIL" and not first:
            assert outcomes == {1: accepted(1), 2: accepted(2), 3: accepted(3)}
            return
        assert outcomes == {taken: accepted(taken), refused: RefusedForGood(f"{step.lower()}-550"), 3: accepted(3)}
        begun = WHOLE_LETTER[: WHOLE_LETTER.index(step) + 1]
        whole = {refused: [*begun, "RSET"], taken: WHOLE_LETTER}
        assert there.dialogues == [["EHLO", *whole[1], *whole[2], *WHOLE_LETTER]]


@pytest.mark.parametrize("answer", ["drop", "reset", "421 closing", "502 what?", "what?", "silence"])
def test_a_reset_that_fails_ends_the_session_and_changes_no_outcome(answer: str) -> None:
    faults = {At(1, 1, "RCPT"): "550 5.1.1 no", At(1, 1, "RSET"): answer}
    with desk(faults) as there, sender_to(there.port) as sender:
        assert send(sender, 1, 2) == [RefusedForGood("rcpt-550-5.1.1"), accepted(2)]
        assert there.dialogues[1] == ["EHLO", *WHOLE_LETTER]


def test_a_letter_that_the_server_cannot_take_leaves_the_session_as_it_was() -> None:
    mailbox = Mailbox()
    unusual = dataclasses.replace(LETTER, recipient="åsa@example.se")
    with mail_server(mailbox, enable_SMTPUTF8=False) as port, sender_to(port) as sender:
        assert send(sender, 1) == [accepted(1)]
        assert sender.send(unusual) == RefusedForGood("no-smtputf8")
        assert send(sender, 2) == [accepted(2)]
    assert mailbox.commands == ["EHLO", "MAIL", "RCPT", "DOT", "MAIL", "RCPT", "DOT", "QUIT"]


def test_a_session_idle_for_too_long_is_not_used_again() -> None:
    timer = HandTimer()
    with desk() as there, sender_to(there.port, timer=timer) as sender:
        assert send(sender, 1) == [accepted(1)]
        timer.seconds += IDLE_AT_MOST
        assert send(sender, 2) == [accepted(2)]
        assert there.connections == 1
        timer.seconds += IDLE_AT_MOST + 1
        assert send(sender, 3) == [accepted(3)]
        there.wait_for(lambda: there.dialogues == [["EHLO", *WHOLE_LETTER * 2, "QUIT"], ["EHLO", *WHOLE_LETTER]])


def test_a_session_open_for_too_long_is_not_used_again() -> None:
    timer = HandTimer()
    with desk() as there, sender_to(there.port, timer=timer) as sender:
        for number in range(int(OPEN_AT_MOST / IDLE_AT_MOST) + 1):
            assert send(sender, number) == [accepted(number)]
            assert there.connections == 1
            timer.seconds += IDLE_AT_MOST
        assert send(sender, 99) == [accepted(99)]
        assert there.connections == 2


def test_a_session_takes_only_so_many_letters() -> None:
    with desk() as there, sender_to(there.port) as sender:
        for number in range(LETTERS_AT_MOST):
            assert send(sender, number) == [accepted(number)]
        assert there.dialogues == [["EHLO", *WHOLE_LETTER * LETTERS_AT_MOST, "QUIT"]]
        assert send(sender, 1000) == [accepted(1000)]
        assert there.dialogues[1:] == [["EHLO", *WHOLE_LETTER]]


def test_a_closed_sender_opens_no_connection_again() -> None:
    with desk() as there, sender_to(there.port) as sender:
        assert send(sender, 1) == [accepted(1)]
        sender.close()
        assert send(sender, 2) == [TryLater("closed")]
        sender.close()
        assert there.dialogues == [["EHLO", *WHOLE_LETTER, "QUIT"]]


def test_a_letter_under_way_when_the_sender_is_closed_is_its_sessions_last() -> None:
    with desk({At(1, 1, "DOT"): "held"}) as there, sender_to(there.port) as sender, ThreadPoolExecutor(1) as thread:
        sending = thread.submit(sender.send, letter(1))
        there.wait_for(lambda: "DOT" in there.dialogues[0] if there.dialogues else False)
        sender.close()
        there.go_on()
        assert sending.result() == accepted(1)
        assert send(sender, 2) == [TryLater("closed")]
        assert there.dialogues == [["EHLO", *WHOLE_LETTER, "QUIT"]]


def test_a_probe_has_a_connection_of_its_own() -> None:
    with desk() as there, sender_to(there.port) as sender:
        assert send(sender, 1) == [accepted(1)]
        assert sender.probe() is None
        assert send(sender, 2) == [accepted(2)]
        assert there.dialogues == [["EHLO", *WHOLE_LETTER * 2], ["EHLO", "NOOP", "QUIT"]]


def test_the_time_allowed_is_each_letters_own() -> None:
    times = dataclasses.replace(TIMES, whole=1)
    with desk() as there, sender_to(there.port, times) as sender:
        assert send(sender, 1) == [accepted(1)]
        threading.Event().wait(times.whole)
        assert send(sender, 2) == [accepted(2)]
        assert there.connections == 1


def test_a_letter_that_takes_too_long_ends_the_session_and_only_it() -> None:
    times = dataclasses.replace(TIMES, whole=0.3, answer=PATIENT, final_answer=PATIENT)
    with desk({At(1, 2, "DOT"): "silence"}) as there, sender_to(there.port, times) as sender:
        assert send(sender, 1, 2, 3) == [accepted(1), Unclear("dot-timeout"), accepted(3)]
        assert there.connections == 2


def test_two_threads_never_share_a_session() -> None:
    threads, letters = 8, 200
    with desk() as there, sender_to(there.port) as sender:
        with ThreadPoolExecutor(threads) as pool:
            outcomes = list(pool.map(lambda number: sender.send(letter(number)), range(letters)))
        assert outcomes == [accepted(number) for number in range(letters)]
        assert there.connections <= threads
        for dialogue in there.dialogues:
            assert dialogue == ["EHLO", *WHOLE_LETTER * (len(dialogue) // 4)]
    assert sorted(there.taken) == sorted(message_id(number) for number in range(letters))


def test_as_many_sessions_are_kept_as_letters_were_under_way_at_once() -> None:
    faults = {At(connection, 1, "DOT"): "held" for connection in (1, 2, 3)}
    with desk(faults) as there, sender_to(there.port) as sender:
        with ThreadPoolExecutor(3) as pool:
            sending = [pool.submit(sender.send, letter(number)) for number in (1, 2, 3)]
            there.wait_for(lambda: sum("DOT" in dialogue for dialogue in there.dialogues) == 3)
            there.go_on()
            assert [one.result() for one in sending] == [accepted(1), accepted(2), accepted(3)]
        assert send(sender, 4, 5, 6) == [accepted(4), accepted(5), accepted(6)]
        assert there.connections == 3
        assert sorted(len(dialogue) for dialogue in there.dialogues) == [5, 5, 17]
        sender.close()
        assert all(dialogue[-1] == "QUIT" for dialogue in there.dialogues)


ENDS = ["drop", "reset", "421 4.3.2 closing"]
ANSWERS = [*ENDS, "451 4.3.0 later", "550 5.1.1 no", "what?", "250 OK", "354 go on"]
TOO_MANY = ["250 OK\r\n550 no", "250 OK\r\n250 OK\r\n354 go on"]


def _moments(steps: list[str], first: int = 1, letters: tuple[int, int] = (1, 4)) -> st.SearchStrategy[At]:
    return st.builds(At, st.integers(first, 4), st.integers(*letters), st.sampled_from(steps))


FAULTS = st.lists(
    st.tuples(_moments(["MAIL", "RCPT", "DATA"]), st.sampled_from(ANSWERS))
    | st.tuples(_moments(["DOT", "RSET", "QUIT"]), st.sampled_from([*ANSWERS, *TOO_MANY, "taken-drop"]))
    | st.tuples(_moments(["AFTER"]), st.sampled_from(ENDS))
    | st.tuples(_moments(["GREETING", "EHLO"], first=2, letters=(0, 0)), st.sampled_from(ANSWERS)),
    max_size=6,
).map(dict)


@given(faults=FAULTS, letters=st.integers(2, 6))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_no_letter_arrives_twice_and_each_outcome_agrees_with_the_server(faults: dict[At, str], letters: int) -> None:
    with desk(faults) as there, sender_to(there.port) as sender:
        outcomes = send(sender, *range(letters))
    for number, outcome in enumerate(outcomes):
        arrived = there.taken.count(message_id(number))
        match outcome:
            case Accepted():
                assert outcome == accepted(number)
                assert arrived == 1
            case Unclear():
                assert outcome.code.startswith("dot-")
                assert arrived <= 1
            case _:
                assert arrived == 0
