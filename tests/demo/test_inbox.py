from __future__ import annotations

import smtplib
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import urlencode, urlsplit

import pytest
import urllib3

from bot.demo.server import LocalWorkspace


def _send(workspace: LocalWorkspace, message: bytes) -> None:
    address = urlsplit(workspace.smtp_url)
    assert address.hostname is not None
    assert address.port is not None
    with smtplib.SMTP(address.hostname, address.port) as server:
        server.sendmail("clinic@example.test", ["kim@example.test"], message)


def test_a_mail_arrives_with_both_its_parts_and_its_headers_read(workspace: LocalWorkspace) -> None:
    message = EmailMessage(policy=SMTP)
    message["From"] = "Djurkliniken Åsen <clinic@example.test>"
    message["To"] = "kim@example.test"
    message["Subject"] = "Påminnelse: Bella är välkommen på vaccination, " * 3
    message["List-Unsubscribe"] = "<https://example.test/u/1>"
    message.set_content("Hej Kim, å ä ö\n")
    message.add_alternative("<p>Hej <b>Kim</b></p>", subtype="html")
    anna = workspace.person("anna")
    _send(workspace, message.as_bytes())
    mail = anna.wait_for(lambda: workspace.mailbox)[0]
    assert mail.to == "kim@example.test"
    assert mail.from_ == "Djurkliniken Åsen <clinic@example.test>"
    assert mail.subject == message["Subject"]
    assert mail.text.strip() == "Hej Kim, å ä ö"
    assert mail.html is not None
    assert mail.html.strip() == "<p>Hej <b>Kim</b></p>"
    assert ("List-Unsubscribe", "<https://example.test/u/1>") in mail.headers


def test_the_newest_mail_comes_first_and_a_broken_one_is_kept(workspace: LocalWorkspace) -> None:
    _send(workspace, b"Subject: =?nonsense?q?=C3?=\r\nContent-Type: text/plain; charset=no-such\r\n\r\nbody\r\n")
    workspace.clock.move_to(workspace.clock.now() + timedelta(days=3))
    _send(workspace, b"Subject: second\r\n\r\nbody\r\n")
    second, first = workspace.mailbox
    assert second.subject == "second"
    assert first.text.strip() == "body"
    assert second.received_at - first.received_at >= timedelta(days=3)


def test_stopping_cuts_a_mail_connection_that_is_still_open(workspace: LocalWorkspace) -> None:
    address = urlsplit(workspace.smtp_url)
    with smtplib.SMTP(str(address.hostname), address.port or 0) as server:
        server.ehlo()
        workspace.stop()
        with pytest.raises(smtplib.SMTPServerDisconnected):
            server.noop()


def _text(workspace: LocalWorkspace, user: str, password: str, **fields: str) -> urllib3.BaseHTTPResponse:
    headers = {
        **urllib3.make_headers(basic_auth=f"{user}:{password}"),
        "content-type": "application/x-www-form-urlencoded",
    }
    return urllib3.request("POST", workspace.sms_url, body=urlencode(fields), headers=headers, retries=False)


def test_a_text_message_arrives_on_the_phone(workspace: LocalWorkspace) -> None:
    fields = {"from": "Kliniken", "to": "+46701740605", "message": "Hej Kim å"}
    answer = _text(workspace, workspace.sms_user, workspace.sms_password, **fields)
    assert answer.status == 200
    told = answer.json()
    assert (told["status"], told["direction"], told["to"]) == ("created", "outgoing", "+46701740605")
    arrived = workspace.phone[0]
    assert (arrived.id, arrived.from_, arrived.text) == (told["id"], "Kliniken", "Hej Kim å")


def test_a_text_message_that_46elks_would_refuse_is_refused(workspace: LocalWorkspace) -> None:
    fields = {"from": "Kliniken", "to": "+46701740605", "message": "Hej"}
    assert _text(workspace, "somebody", "else", **fields).status == 401
    account = (workspace.sms_user, workspace.sms_password)
    assert _text(workspace, *account, **{**fields, "to": "070-174 06 05"}).status == 403
    assert _text(workspace, *account, **{**fields, "message": ""}).data == b"Missing key message"
    workspace.fail_next("sms", status=500)
    assert _text(workspace, *account, **fields).status == 500
    workspace.fail_next("sms", drop_after=True)
    with pytest.raises(urllib3.exceptions.ProtocolError):
        _text(workspace, *account, **fields)
    assert len(workspace.phone) == 1
