"""What exactly is handed to the mail server for one letter?

The message is built, serialised, parsed again and compared with what was meant: names and texts come from people,
and a header that was not meant would be somebody else's. (Python 3.11.7 writes the subject
`=?utf-8?q?Hej=0AReply-To:_x?=` as two headers.)

Standards: RFC 5322 (message), 2045 and 2047 (MIME), 3834 (Auto-Submitted), 3282 (Content-Language), 5891 and 6531
(international addresses).
"""

from __future__ import annotations

import dataclasses
import email.policy
import re
from datetime import datetime
from email.errors import MessageError
from email.header import Header, decode_header, make_header
from email.headerregistry import Address, AddressHeader
from email.message import EmailMessage
from email.parser import Parser

from email_validator import EmailNotValidError, ValidatedEmail, validate_email

from bot.channels.characters import one_line, plain
from bot.channels.outcome import RefusedForGood, TryLater
from bot.channels.protocol import OutgoingEmail
from bot.domain.model import require_utc

_HEADERS = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "Content-Language",
    "MIME-Version",
    "Content-Type",
)
_LINES = re.compile(rb"(?:[\x01-\x09\x0b\x0c\x0e-\xff]{0,998}\r\n)+")
"""RFC 5322, 2.1.1: at most 998 characters a line, CR and LF only together."""


class _LetterPolicy(email.policy.EmailPolicy):
    """Words are folded at 76 columns (RFC 2047 allows no longer line with an encoded word), the rest at 998.

    A list header folded at 78 columns would be written as encoded words, which nobody follows as a link. The encoded
    words themselves are left to `email.header`: where the policy of Python 3.11 folds between two of them, the space
    there is lost.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if name.lower() == "subject" and self._needs_encoding(value):
            return f"Subject: {_encoded_words(value, name)}\r\n".encode("ascii")
        if isinstance(value, AddressHeader) and name.lower() == "from" and self._needs_encoding(value):
            (address,) = value.addresses
            return f"From: {_encoded_words(address.display_name, name)}\r\n <{address.addr_spec}>\r\n".encode("ascii")
        if self.max_line_length != _NARROW and name.lower() in {"from", "to", "reply-to", "subject"}:
            return self.clone(max_line_length=_NARROW).fold_binary(name, value)
        return super().fold_binary(name, value)

    def _needs_encoding(self, value: str) -> bool:
        return not self.utf8 and (not value.isascii() or "=?" in value)


_NARROW = 76
_WIDE = 998
_POLICY = _LetterPolicy(linesep="\r\n", max_line_length=_WIDE, cte_type="7bit")
_BODY_POLICY = _POLICY.clone(max_line_length=_NARROW)
_HEADER_READER = Parser(EmailMessage, policy=email.policy.SMTP)
_PLAIN_READER = Parser(policy=email.policy.compat32)


class Unsendable(Exception):
    """No message can be made of the letter; `outcome` says why."""

    def __init__(self, outcome: RefusedForGood | TryLater) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


@dataclasses.dataclass(frozen=True, slots=True)
class MailMessage:
    """One message with its envelope, ready for the mail server.

    Addresses have their domain in ASCII. `international` says that a part before an `@` has not, so that the
    server must speak SMTPUTF8. `data` has CRLF line ends and ends with one; lines beginning with a dot are not
    yet doubled.
    """

    message_id: str
    sender: str
    recipient: str = dataclasses.field(repr=False)
    international: bool
    data: bytes = dataclasses.field(repr=False)


def compose(letter: OutgoingEmail, moment: datetime) -> MailMessage:
    """Make the message; `moment` (UTC) is its Date.

    The Message-ID is `<key@domain of the sender>`: the same at every attempt, so that whoever gets two can tell.

    Raises:
        Unsendable: `sender-invalid`, `reply-to-invalid` (try later: the clinic's setting is wrong),
            `recipient-invalid`, `headers` (the message would not say what was meant) or `text` (it cannot be encoded).
    """
    sender = _address(letter.sender, TryLater("sender-invalid"))
    recipient = _address(letter.recipient, RefusedForGood("recipient-invalid"))
    answered = _address(letter.reply_to, TryLater("reply-to-invalid")) if letter.reply_to else sender
    message_id = f"<{letter.key}@{sender.ascii_domain}>"
    try:
        message = _content(letter)
        message["From"] = Address(one_line(letter.clinic_name), sender.local_part, sender.ascii_domain)
        message["To"] = Address("", recipient.local_part, recipient.ascii_domain)
        if letter.reply_to:
            message["Reply-To"] = Address("", answered.local_part, answered.ascii_domain)
        message["Subject"] = one_line(letter.subject)
        message["Date"] = require_utc(moment)
        message["Message-ID"] = message_id
        message["Auto-Submitted"] = "auto-generated"
        message["Content-Language"] = letter.language.replace("_", "-")
        international = sender.smtputf8 or recipient.smtputf8 or answered.smtputf8
        data = message.as_bytes(policy=_POLICY.clone(utf8=international))
    except UnicodeError as error:
        raise Unsendable(RefusedForGood("text")) from error
    except (ValueError, MessageError) as error:
        raise Unsendable(RefusedForGood("headers")) from error
    mail = MailMessage(
        message_id=message_id,
        sender=_envelope(sender),
        recipient=_envelope(recipient),
        international=international,
        data=data if data.endswith(b"\r\n") else data + b"\r\n",
    )
    if not _says_what_was_meant(mail, letter):
        raise Unsendable(RefusedForGood("headers"))
    return mail


def _content(letter: OutgoingEmail) -> EmailMessage:
    message = EmailMessage(policy=_BODY_POLICY)
    message.set_content(plain(letter.text), cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    return message


def _address(address: str, otherwise: RefusedForGood | TryLater) -> ValidatedEmail:
    # Whether an address may be stored is decided elsewhere; here only whether it can stand in a message.
    try:
        return validate_email(
            address, check_deliverability=False, strict=True, test_environment=True, globally_deliverable=False
        )
    except EmailNotValidError:
        raise Unsendable(otherwise) from None


def _envelope(address: ValidatedEmail) -> str:
    return f"{address.local_part}@{address.ascii_domain}"


def _encoded_words(text: str, header: str) -> str:
    return Header(text, "utf-8", maxlinelen=_NARROW, header_name=header).encode(linesep="\r\n")


def _says_what_was_meant(mail: MailMessage, letter: OutgoingEmail) -> bool:
    if not _LINES.fullmatch(mail.data) or not (mail.international or mail.data.isascii()):
        return False
    text = mail.data.decode("utf-8")
    parsed = _HEADER_READER.parsestr(text, headersonly=True)
    try:
        return _names_whom_it_should(parsed, mail, letter) and _reads_as_written(text, letter)
    except AttributeError:  # Python 3.11's parser trips over some display names that it reads as a group
        return False


def _names_whom_it_should(parsed: EmailMessage, mail: MailMessage, letter: OutgoingEmail) -> bool:
    headers = (*_HEADERS, "Reply-To") if letter.reply_to else _HEADERS
    if sorted(name.lower() for name in parsed) != sorted(name.lower() for name in headers):
        return False
    if letter.reply_to:
        answered = _address(letter.reply_to, TryLater("reply-to-invalid"))
        if [address.addr_spec for address in parsed["Reply-To"].addresses] != [_envelope(answered)]:
            return False
    sender, recipient = parsed["From"], parsed["To"]
    return (
        [address.addr_spec for address in sender.addresses] == [mail.sender]
        and [address.addr_spec for address in recipient.addresses] == [mail.recipient]
        and parsed["Message-ID"] == mail.message_id
    )


def _reads_as_written(text: str, letter: OutgoingEmail) -> bool:
    # As most mail programs read it: the header's lines joined, then its encoded words, without a grammar.
    raw = _PLAIN_READER.parsestr(text, headersonly=True)["Subject"]
    unfolded = re.sub(r"\r?\n(?=[ \t])", "", raw)
    return str(make_header(decode_header(unfolded))) == one_line(letter.subject)
