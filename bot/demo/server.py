"""How is a whole workspace started and stopped?

`LocalWorkspace` puts the parts together and runs them in one thread: what the app asks on one port (`app_port`), the
page on another, SMTP on a third. It knows nothing of the app but its manifest.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import TracebackType
from typing import Any, Self, Unpack

from bot.demo.app_port import AppPort
from bot.demo.clock import MovableClock
from bot.demo.definition import Definition
from bot.demo.delivery import Delivery, NotConnected
from bot.demo.developer import Developer
from bot.demo.errors import Refusal
from bot.demo.faults import Fault, Faults, Network, Way
from bot.demo.files import Files
from bot.demo.inbox import Inbox, Mail, MailServer, SmsReceiver, TextMessage
from bot.demo.installed_app import InstalledApp
from bot.demo.interactions import Interactions
from bot.demo.listening import Connections, address_of, bound_to, http_server
from bot.demo.methods import Methods
from bot.demo.page_socket import Page
from bot.demo.payloads import Payloads
from bot.demo.person import Person
from bot.demo.places import Places
from bot.demo.rate_limits import RateLimits
from bot.demo.record import Exchange, Record
from bot.demo.request_url import RequestUrl
from bot.demo.response_urls import ResponseUrls
from bot.demo.skips import Skips
from bot.demo.snapshot import Snapshots
from bot.demo.socket_mode import SocketMode
from bot.demo.state import State
from bot.demo.timings import Timings
from bot.demo.triggers import Triggers
from bot.demo.views import Views
from bot.demo.web_api import WebApi

_ACTING_AT_ONCE = 32


class LocalWorkspace:
    """A Slack workspace on this machine, for one app.

    Use it as a context manager, or call `start` and `stop`. `manifest` is the app's parsed `manifest.yml`.
    `next_moment` tells what the page's *skip to the next send* jumps to. The addresses are there once it has started;
    point the app at `api_url` with `bot_token` and `app_token`. With a `request_url`, or after `send_to`, the app is
    reached there over HTTP, with requests signed with `signing_secret`; else over the sockets that it opens. Unless the
    app writes to people `outside` Slack too, the page shows no mailbox, no telephone and no clock.
    """

    def __init__(
        self,
        definition: Definition,
        *,
        manifest: Mapping[str, Any],
        clock: MovableClock | None = None,
        next_moment: Callable[[], datetime | None] = lambda: None,
        page_port: int = 0,
        timings: Timings | None = None,
        request_url: str | None = None,
        outside: bool = True,
    ) -> None:
        timings = timings or Timings()
        self.definition = definition
        self.clock = clock or MovableClock()
        self.app = InstalledApp.from_manifest(manifest)
        self.sms_user = "u" + secrets.token_hex(16)
        self.sms_password = secrets.token_hex(16)
        self._next_moment = next_moment
        self._skips = Skips(self.clock, definition.zone, next_moment, timings.catching_up)
        self._page_port = page_port
        self._page_key = secrets.token_urlsafe(24)
        self._timings = timings
        self._faults = Faults()
        self._network = Network()
        self._record = Record(self.clock.now, (self.app.signing_secret, self.app.verification_token))
        self._state = State(definition, self.app, self.clock)
        self._views = Views(self._state)
        self._payloads = Payloads(self._state)
        self._triggers = Triggers(timings.trigger)
        self._response_urls = ResponseUrls(self._state, timings.response_url)
        self._socket_mode = SocketMode(self.app.app_id, timings, self.refresh)
        self._request_url = RequestUrl(self.app, timings, self.refresh)
        for way in (self._socket_mode, self._request_url):
            way.watch(self._record, self._network)
        self._first_request_url = request_url
        self._shows_outside = outside
        self._delivery: Delivery = self._socket_mode
        self._inbox = Inbox(self._state)
        self._files = Files(self._state)
        self._interactions = Interactions(
            self._state, self._views, self._payloads, lambda: self._delivery, self._triggers, self._response_urls
        )
        self._places = Places(self._state)
        self._methods = Methods(
            state=self._state,
            views=self._views,
            payloads=self._payloads,
            socket_mode=self._socket_mode,
            triggers=self._triggers,
            files=self._files,
            places=self._places,
        )
        self._connections = Connections()
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._failure: BaseException | None = None
        self._api_address = ""
        self._page_address = ""
        self._smtp_address = ""

    @property
    def api_url(self) -> str:
        """What the app's WebClient takes as its base_url; ends in `/api/`."""
        return f"{self._api_address}/api/"

    @property
    def page_url(self) -> str:
        """The page's address, with its key."""
        return f"{self._page_address}/?key={self._page_key}"

    @property
    def smtp_url(self) -> str:
        """Where the app sends mail: `smtp://127.0.0.1:PORT`."""
        return self._smtp_address

    @property
    def sms_url(self) -> str:
        """Where the app posts text messages, with `sms_user` and `sms_password`."""
        return f"{self._api_address}/a1/sms"

    @property
    def bot_token(self) -> str:
        """The app's `xoxb-…` token."""
        return self.app.bot_token

    @property
    def app_token(self) -> str:
        """The app's `xapp-…` token, for Socket Mode."""
        return self.app.app_token

    @property
    def signing_secret(self) -> str:
        """What requests over HTTP are signed with."""
        return self.app.signing_secret

    @property
    def mailbox(self) -> tuple[Mail, ...]:
        """All e-mails that arrived, the newest first."""
        return self._inbox.mailbox

    @property
    def phone(self) -> tuple[TextMessage, ...]:
        """All text messages that arrived, the newest first."""
        return self._inbox.phone

    @property
    def connected(self) -> bool:
        """Has the app a socket open, or an address for requests over HTTP?"""
        return self._delivery.connected

    @property
    def is_sending(self) -> bool:
        """Is an event on its way to the app? What was not acknowledged, and is sent again later, is not until then."""
        return self._delivery.is_sending

    @property
    def socket_ids(self) -> tuple[int, ...]:
        """A number for each socket that the app has open, never the same for two."""
        return self._socket_mode.ids

    def send_to(self, request_url: str) -> None:
        """Reach the app over HTTP from now on, at this address, once it has answered the challenge there.

        Raises:
            Refusal: `url_not_verified`, with what is wrong; the way that requests take is then as before.
        """
        self._request_url.set(request_url)
        self._delivery = self._request_url
        self.refresh()

    def archive(self, channel: str, *, archived: bool = True) -> None:
        """Archive a channel (its id or `#name`), or bring it back; the app is told if it listens."""
        self._interactions.archive(self._places.place(channel), archived=archived)

    def remove_app(self, channel: str) -> None:
        """Take the app out of a channel, as anybody in it can."""
        self._interactions.place_app(self._places.place(channel), present=False)

    def invite_app(self, channel: str) -> None:
        """Put the app in a channel."""
        self._interactions.place_app(self._places.place(channel), present=True)

    def check_certificate(self, method: str = "POST") -> None:
        """Send `ssl_check=1` to the app's address; raises NotConnected or NotAcknowledged unless it answers 200."""
        self._request_url.check_certificate(method)

    def person(self, user_id: str) -> Person:
        """One of the staff, to act in the workspace. Takes an id or a handle."""
        for user in self.definition.users:
            if user_id in (user.id, user.name):
                return Person(user, self._state, self._views, self._interactions)
        raise KeyError(user_id)

    def wait_until_connected(self, timeout: float = 10.0) -> None:
        """Return when the app can be reached; TimeoutError if it does not come."""
        self.person(self.definition.users[0].id).wait_for(lambda: self.connected, timeout)

    def skip(self, to: str) -> None:
        """Move the clock to the `next_send`, or by a `day`; see `bot.demo.skips`."""
        self._skips.skip(to)

    def refresh(self) -> None:
        """Look again: tell the page and everybody who waits that something changed."""
        with self._state.changing():
            pass

    def fail_next(self, method: str, *, times: int = 1, **way: Unpack[Way]) -> None:
        """Let the next calls of a Web API method fail in one way.

        A method, or `response_url`, `upload`, `sms`, or `*` for whatever is called next. `error`: answered with this
        error word. `status`: with this HTTP status, a 429 with Retry-After. `drop_before`: the connection is reset and
        nothing happened. `drop_after`: it is reset after taking effect. `time_out_before`, `time_out_after`: no answer
        comes until the app gives up.
        """
        self._faults.add(method, Fault(**way), times)

    def heal(self) -> None:
        """Forget all faults that wait; be in reach, and fast; deliver once."""
        self._faults.clear()
        self._network.clear()
        self.deliver_twice(False)

    def go_away(self, seconds: float) -> None:
        """Cut the app's sockets and refuse every connection for this long, or until `heal`."""
        self._network.go_away(seconds)
        with contextlib.suppress(NotConnected):
            self.drop_sockets()

    def slow_down(self, seconds: float) -> None:
        """Let everything take this much longer on its way, until `heal` or 0."""
        self._network.latency = seconds

    def exchanges(self, after: int = 0) -> tuple[Exchange, ...]:
        """The last requests and answers in both directions, the oldest first; only those younger than this id."""
        return self._record.after(after)

    def deliver_twice(self, twice: bool) -> None:
        """Deliver everything twice, with the same payload in a new envelope: commands, interactions, events."""
        self._socket_mode.twice = self._request_url.twice = twice

    @property
    def delivers_twice(self) -> bool:
        """Is everything delivered twice?"""
        return self._delivery.twice

    def drop_sockets(self) -> None:
        """Cut the app's sockets, as when the network goes away."""
        self._socket_mode.drop()

    def ask_to_reconnect(self, reason: str = "refresh_requested") -> None:
        """Ask the app to open a new socket, as Slack does now and then (`refresh_requested` or `warning`)."""
        self._socket_mode.ask_to_reconnect(reason)

    def start(self) -> None:
        """Bind free ports on this machine and serve in the background."""
        if self._thread is not None:
            raise RuntimeError("the workspace is running already")
        with contextlib.ExitStack() as bound:
            api, page, smtp = (bound.enter_context(bound_to(port)) for port in (0, self._page_port, 0))
            self._api_address = address_of("http", api)
            self._page_address = address_of("http", page)
            self._smtp_address = address_of("smtp", smtp)
            self._methods.address = self._response_urls.base = self._files.base = self._api_address
            ready = threading.Event()
            self._thread = threading.Thread(
                target=self._run, args=(api, page, smtp, ready), name="local-workspace", daemon=True
            )
            self._thread.start()
            ready.wait()
            bound.pop_all()
        if self._failure is not None:
            failure, self._failure = self._failure, None
            self._thread.join()
            self._thread = None
            raise failure
        if self._first_request_url is not None:
            try:
                self.send_to(self._first_request_url)
            except Refusal:
                self.stop()
                raise

    def stop(self) -> None:
        """Close everything; returns when it is closed. Nothing happens if it does not run."""
        thread, loop, stopping = self._thread, self._loop, self._stopping
        if thread is None or loop is None or stopping is None:
            return
        loop.call_soon_threadsafe(stopping.set)
        thread.join()
        self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self, api: socket.socket, page: socket.socket, smtp: socket.socket, ready: threading.Event) -> None:
        try:
            asyncio.run(self._serve(api, page, smtp, ready))
        except BaseException as failure:  # noqa: BLE001 - handed to the thread that called start
            self._failure = failure
        finally:
            for bound in (api, page, smtp):
                bound.close()
            ready.set()

    async def _serve(
        self, api: socket.socket, page: socket.socket, smtp: socket.socket, ready: threading.Event
    ) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopping = asyncio.Event()
        for way in (self._socket_mode, self._request_url):
            way.use(self._loop)
        with ThreadPoolExecutor(_ACTING_AT_ONCE, thread_name_prefix="local-workspace-page") as executor:
            served_page = self._page(executor)
            mail = MailServer(self._inbox)
            mail_server = await self._loop.create_server(mail.protocol, sock=smtp)
            unsubscribe = self.clock.subscribe(lambda _moment: self.refresh())
            servers = [
                (http_server(self._app_port().application(self._stopping), self._connections), api),
                (http_server(served_page.application(), Connections()), page),
            ]
            serving = [asyncio.create_task(server.serve(sockets=[bound])) for server, bound in servers]
            ready.set()
            try:
                await self._stopping.wait()
            finally:
                unsubscribe()
                for way in (self._socket_mode, self._request_url):
                    way.use(None)
                    await way.close()
                await served_page.close()
                for server, _ in servers:
                    server.should_exit = True
                await asyncio.gather(*serving)
                mail_server.close()
                mail.close()
                await mail_server.wait_closed()
                await asyncio.sleep(0)  # lets the cut transports close

    def _page(self, executor: ThreadPoolExecutor) -> Page:
        snapshots = Snapshots(
            state=self._state,
            views=self._views,
            payloads=self._payloads,
            inbox=self._inbox,
            connected=lambda: self.connected,
            next_moment=self._next_moment,
            outside=self._shows_outside,
        )
        developer = Developer(self, self._faults, self._network, self._record)
        return Page(
            self._state, self._interactions, snapshots, self.skip, developer, self._files, self._page_key, executor
        )

    def _app_port(self) -> AppPort:
        return AppPort(
            web_api=WebApi(self.app, self._methods.table(), RateLimits(self._timings), self._places.place),
            socket_mode=self._socket_mode,
            response_urls=self._response_urls,
            files=self._files,
            sms=SmsReceiver(self._inbox, self.sms_user, self.sms_password),
            faults=self._faults,
            network=self._network,
            record=self._record,
            connections=self._connections,
        )
