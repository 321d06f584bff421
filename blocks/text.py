"""How is text that somebody typed shown, so that it reads as typed and does nothing else?

Three things can go wrong with a name. It can be *markup*: `<!channel>` would call everybody. It can be *formatting*:
`*` or a leading `>` would spoil the lines around it. And it can be *invisible or moving*: a right-to-left override
turns the neighbouring text round, a zero-width character makes two names look the same. What is done:

- `visible` takes away control, zero-width and bidirectional control characters, and puts text that holds right-to-left
  letters between isolates (FSI … PDI), so that it cannot move its neighbours. Nothing left to see becomes a dash.
- `escape` does that, then escapes `&`, `<` and `>` as Slack documents. For `*`, `_`, `~` and the backtick Slack knows
  no escape, so they become look-alikes (∗ ˍ ∼ ˋ); an underscore inside a word formats nothing and stays. A line that
  begins with `>` would be a quotation even when escaped, so that one becomes ＞.
- Text that must stay exact to the letter (addresses, the text to say or print) is shown as `plain_text`, where
  nothing is markup; `visible` is enough there.
- `mrkdwn` objects are `verbatim` and `plain_text` objects carry `emoji: false`: Slack then makes no links of
  addresses and #names in the text, and no pictures of `:words:` in plain text.
"""

from __future__ import annotations

import re
import unicodedata

from slack_sdk.models.blocks import MarkdownTextObject, PlainTextObject

from blocks.limits import clip
from blocks.limits_blocks import SECTION_TEXT

NOTHING_TO_SEE = "–"

_LINE_BREAK = re.compile("\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f"  # control characters, except the line feed
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LEADING_QUOTE = re.compile(r"^(\s*)>", re.MULTILINE)
_UNDERSCORE_AT_AN_EDGE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_LOOK_ALIKES = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
_USER_ID = re.compile(r"[UW][A-Z0-9]+")
FIRST_STRONG_ISOLATE = "\u2068"
POP_ISOLATE = "\u2069"


def visible(text: str, *, lines: bool = False) -> str:
    """Typed text without what cannot be seen; on one line, unless `lines` are kept."""
    text = _LINE_BREAK.sub("\n", text)
    text = _LONE_SURROGATE.sub("\ufffd", text.replace("\t", " "))
    text = _UNSEEN.sub("", text).strip()
    if not any(_is_seen(character) for character in text):
        return NOTHING_TO_SEE
    if not lines:
        return _isolated(" ".join(text.split()))
    return "\n".join(_isolated(line.rstrip()) for line in text.split("\n"))


def _is_seen(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNPS"


def _isolated(text: str) -> str:
    if any(unicodedata.bidirectional(character) in ("R", "AL", "AN") for character in text):
        return f"{FIRST_STRONG_ISOLATE}{text}{POP_ISOLATE}"
    return text


def escape(text: str, limit: int | None = None, *, lines: bool = False) -> str:
    """Typed text for mrkdwn, at most `limit` characters as sent."""
    text = visible(text, lines=lines)
    text = _LEADING_QUOTE.sub(r"\1＞", text).translate(_LOOK_ALIKES)
    text = _UNDERSCORE_AT_AN_EDGE.sub("ˍ", text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text if limit is None else clip(text, limit)


def typeable(text: str) -> str:
    """A value put back into an input: as typed, without the few characters that cannot be sent."""
    return _LONE_SURROGATE.sub("\ufffd", text.replace("\x00", ""))


def plain(text: str, limit: int = SECTION_TEXT) -> PlainTextObject:
    """A text object in which nothing is markup."""
    return PlainTextObject(text=clip(text, limit), emoji=False)


def mrkdwn(text: str, limit: int = SECTION_TEXT) -> MarkdownTextObject:
    """A text object with formatting. Whatever was typed has been escaped before."""
    return MarkdownTextObject(text=clip(text, limit), verbatim=True)


def bold(text: str) -> str:
    """Escaped text in bold; never over a line's end, where Slack would show the asterisks."""
    text = " ".join(text.split())
    return f"*{text}*" if text else ""


def mention(user_id: str) -> str:
    """A Slack user, shown by the name they have in Slack."""
    return f"<@{user_id}>" if _USER_ID.fullmatch(user_id) else escape(user_id)
