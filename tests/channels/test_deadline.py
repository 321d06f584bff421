"""An attempt that takes too long is cut off, whichever connection it has come to."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from bot.channels.deadline import Allowance, Deadline


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    with here, there:
        here.settimeout(5)
        yield here, there


def test_a_watched_connection_ends_when_the_time_is_up(pair: tuple[socket.socket, socket.socket]) -> None:
    with Deadline(0.05) as deadline:
        deadline.watch(pair[0])
        assert pair[0].recv(1) == b""
        assert deadline.passed


def test_a_connection_that_comes_too_late_is_cut_at_once(pair: tuple[socket.socket, socket.socket]) -> None:
    other, end = socket.socketpair()
    with other, end, Deadline(0.05) as deadline:
        deadline.watch(other)
        assert end.recv(1) == b""
        deadline.watch(pair[0])
        assert pair[0].recv(1) == b""


def test_an_attempt_in_time_leaves_its_connection_alone(pair: tuple[socket.socket, socket.socket]) -> None:
    with Deadline(60) as deadline:
        deadline.watch(pair[0])
    pair[1].sendall(b"x")
    assert pair[0].recv(1) == b"x"
    assert not deadline.passed


def test_a_connection_already_closed_is_no_trouble(pair: tuple[socket.socket, socket.socket]) -> None:
    with Deadline(60) as deadline:
        deadline.watch(pair[0])
        pair[0].close()
        deadline._cut()
        assert deadline.passed


def test_no_single_wait_outlasts_what_is_left_of_the_whole_time() -> None:
    allowance = Allowance(60)
    assert allowance.of(5) == 5
    assert 0 < allowance.of(300) <= 60
    assert not allowance.passed


def test_when_the_time_is_up_there_is_nothing_to_wait_for() -> None:
    allowance = Allowance(0)
    assert allowance.passed
    with pytest.raises(TimeoutError):
        allowance.of(5)
