"""How long does Slack wait?

Every limit in one place, so that a test need not wait three seconds to see what happens after three seconds.
"""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Timings:
    """Slack's own limits in seconds, unless told otherwise (SLACK.md)."""

    acknowledgement: float = 3.0
    """A request must be acknowledged within this time."""
    trigger: float = 3.0
    """A `trigger_id` can be exchanged within this time."""
    response_url: float = 30 * 60.0
    """A `response_url` can be used within this time (reported)."""
    event_retries: tuple[float, ...] = (0.0, 60.0, 300.0)
    """How long after each failed delivery an event is sent again."""
    disconnect: float = 10.0
    """A socket that was asked to reconnect is closed after this time ("Using Socket Mode": about ten seconds)."""
    rate_minute: float = 60.0
    """The minute that a method's tier counts calls in; 0 for no rate limits at all."""
    message_pause: float = 1.0
    """One message in this time to each channel, after a first burst."""
    message_burst: int = 20
    """How many messages to one channel are tolerated at once (not documented)."""
    least_burst: int = 10
    """How many calls of any method are tolerated at once; an app may open ten sockets."""
    catching_up: float = 20.0
    """A skipped day waits in all for so long until the app has dealt with the sends on the way; no rule of Slack's."""
