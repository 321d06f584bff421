"""What would one client read if these texts were sent, and what keeps one of them from being sent?"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from bot.channels import rendering
from bot.channels.rendering import Occasion
from bot.domain import message_text
from bot.domain.errors import Field, Unusable
from bot.domain.messages import Message
from bot.domain.model import Texts
from bot.domain.template import TemplateBroken


@dataclasses.dataclass(frozen=True, slots=True)
class Previewed:
    """One text as the client would read it, or what is wrong with it."""

    text: str = dataclasses.field(default="", repr=False)
    problem: Message | None = None


def preview(texts: Texts, occasion: Occasion) -> Mapping[Field, Previewed]:
    """Every text that is not empty, cleaned, checked and filled in exactly as on the day."""
    found = {field: _previewed(field, text, occasion) for field, text in message_text.by_field(texts).items()}
    return {field: one for field, one in found.items() if one is not None}


def _previewed(field: Field, text: str, occasion: Occasion) -> Previewed | None:
    render = rendering.subject_line if field is Field.SUBJECT else rendering.filled_in
    try:
        kept = message_text.checked(field, text)
        return Previewed(render(kept, occasion.values())) if kept else None
    except (Unusable, TemplateBroken) as problem:
        return Previewed(problem=problem.reason)
