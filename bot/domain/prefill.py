"""What of a form do a few typed words fill in (rule P1), such as *Bella vaccination 2027-03-01*?

Only what can mean one thing. A date, a method and a template are told by themselves. The other words are names: they
are compared, whole word by whole word, with the clients and patients in whom any of them is found, and the one in whom
most of them are found is meant, unless there is another one like it. Nothing is guessed: a word that fits several, or
nobody, is given back to be said at the top of the form.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from bot.domain.folding import fold
from bot.domain.model import Client, Method, Patient
from bot.domain.typed import is_blank

METHOD_WORDS: Final[Mapping[str, Method]] = {
    **dict.fromkeys(("email", "mail", "epost", "mejl", "sahkoposti", "sahkopostilla", "sahkopostitse"), Method.EMAIL),
    **dict.fromkeys(("sms", "tekstiviesti", "tekstiviestilla", "tekstari", "tekstarilla"), Method.SMS),
    **dict.fromkeys(("both", "bada", "molemmat", "molemmilla"), Method.BOTH),
    **dict.fromkeys(("post", "letter", "brev", "posti", "postilla", "postitse", "kirje", "kirjeella"), Method.POST),
    **dict.fromkeys(("external", "externt", "ulkoinen"), Method.EXTERNAL),
}
"""Folded words for each method, in every language of the staff; Finnish says *by e-mail* in one word."""

_ENGLISH = ("a", "an", "and", "for", "in", "of", "on", "the", "to", "with")
_SWEDISH = ("av", "den", "det", "en", "ett", "i", "med", "och", "om", "pa", "till")
_FINNISH = ("ja", "mennessa", "on", "varten")
FILLING: Final = frozenset((*_ENGLISH, *_SWEDISH, *_FINNISH))
"""Words that mean nothing here: nobody is told that they were not understood."""

SHORTEST_BEGINNING: Final = 3
"""So many letters of a template's name are enough, if no other template begins so."""

_EDGES = ".,;:!?()[]{}\"'“”„«»‘’…"
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})", re.ASCII)
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", re.ASCII)
_DAY = re.compile(r"(\d{1,2})\.?", re.ASCII)
_YEAR = re.compile(r"\d{4}", re.ASCII)
_PHONE = re.compile(r"\+?[\d()/.-]{6,}", re.ASCII)


@dataclasses.dataclass(frozen=True, slots=True)
class Candidate:
    """A client, or one of its patients, in whom a word was found."""

    client: Client
    patient: Patient | None = None

    def found(self, typed: frozenset[str]) -> frozenset[str]:
        """The words that are this client's or patient's."""
        return typed & (self._own | _client_words(self.client))

    def names_patient(self, typed: frozenset[str]) -> bool:
        """Whether one of the words is the patient's own name, not its owner's."""
        return bool(typed & self._own)

    @property
    def _own(self) -> frozenset[str]:
        return frozenset() if self.patient is None else _words_of(self.patient.name)


@dataclasses.dataclass(frozen=True, slots=True)
class Vocabulary:
    """What words can mean besides people. `months` are folded names of the user's language and of English."""

    templates: Sequence[tuple[int, str]] = dataclasses.field(repr=False)
    months: Mapping[str, int]


@dataclasses.dataclass(frozen=True, slots=True)
class Meant:
    """What was understood; each field is `None` where the words say nothing, or nothing certain."""

    client_id: int | None = None
    patient_id: int | None = None
    template_id: int | None = None
    method: Method | None = None
    due_date: date | None = None
    ambiguous: tuple[str, ...] = dataclasses.field(default=(), repr=False)
    """Words that fit several, as typed."""
    unknown: tuple[str, ...] = dataclasses.field(default=(), repr=False)
    """Words that fit nothing, as typed."""

    @property
    def is_nothing(self) -> bool:
        """Whether no field can be filled in."""
        return not any((self.client_id, self.patient_id, self.template_id, self.method, self.due_date))


@dataclasses.dataclass(slots=True)
class _Words:
    """The typed words that are not yet understood, folded, each with how it was typed."""

    typed: list[str] = dataclasses.field(repr=False)
    folded: list[str] = dataclasses.field(repr=False)
    ambiguous: list[str] = dataclasses.field(default_factory=list, repr=False)

    def take(self, places: Iterable[int]) -> None:
        """Words that are understood."""
        for place in sorted(places, reverse=True):
            del self.typed[place], self.folded[place]

    def set_aside(self, places: Iterable[int]) -> None:
        """Words that fit several."""
        places = sorted(set(places))
        self.ambiguous += [self.typed[place] for place in places]
        self.take(places)


def names_in(text: str, vocabulary: Vocabulary) -> list[str]:
    """The words of `text` that may be names, each once, folded; the capitalised ones first."""
    words = _split(text)
    _due_date(words, vocabulary.months)
    pairs = zip(words.folded, words.typed, strict=True)
    wanted = [(folded, typed[:1].isupper()) for folded, typed in pairs if len(folded) > 1 and folded not in FILLING]
    return list(dict.fromkeys(folded for folded, _ in sorted(wanted, key=lambda one: not one[1])))


def understand(
    text: str,
    vocabulary: Vocabulary,
    candidates: Sequence[Candidate],
    *,
    common: frozenset[str] = frozenset(),
    beginnings: bool = True,
) -> Meant:
    """What `text` fills in.

    `candidates` are those in whom a word of it is found, but not all of them where the word is `common`: such a word
    alone names nobody. With `beginnings`, the first letters of a template's name are enough, if no other begins so.
    """
    words = _split(text)
    names = frozenset[str]().union(*(_names(one) for one in candidates))
    due_date = _due_date(words, vocabulary.months)
    template_id = _template(words, vocabulary.templates, names, beginnings=beginnings)
    method = _method(words, names)
    client_id, patient_id = _people(words, candidates, common)
    return Meant(
        client_id=client_id,
        patient_id=patient_id,
        template_id=template_id,
        method=method,
        due_date=due_date,
        ambiguous=tuple(dict.fromkeys(words.ambiguous)),
        unknown=tuple(
            dict.fromkeys(
                typed for folded, typed in zip(words.folded, words.typed, strict=True) if folded not in FILLING
            )
        ),
    )


def _split(text: str) -> _Words:
    typed = [word for word in (part.strip(_EDGES) for part in text.split()) if not is_blank(word)]
    folded = [_folded(word) for word in typed]
    kept = [place for place, word in enumerate(folded) if word]
    return _Words([typed[place] for place in kept], [folded[place] for place in kept])


def _folded(word: str) -> str:
    if _ISO.fullmatch(word) or _DOTTED.fullmatch(word):
        return word
    return _digits(word) if _PHONE.fullmatch(word) else fold(word)


def _digits(word: str) -> str:
    digits = "".join(letter for letter in word.replace("(0)", "") if letter.isdigit())
    return digits.removeprefix("00")


def _due_date(words: _Words, months: Mapping[str, int]) -> date | None:
    found: dict[date, list[int]] = {}
    for place, word in enumerate(words.folded):
        if iso := _ISO.fullmatch(word):
            _note_date(found, [place], *iso.groups())
        elif dotted := _DOTTED.fullmatch(word):
            _note_date(found, [place], *reversed(dotted.groups()))
        elif (day := _DAY.fullmatch(word)) and place + 2 < len(words.folded):
            month, year = months.get(words.folded[place + 1]), words.folded[place + 2]
            if month is not None and _YEAR.fullmatch(year):
                _note_date(found, [place, place + 1, place + 2], year, str(month), day[1])
    if len(found) == 1:
        ((meant, places),) = found.items()
        words.take(places)
        return meant
    words.set_aside(place for places in found.values() for place in places)
    return None


def _note_date(found: dict[date, list[int]], places: list[int], year: str, month: str, day: str) -> None:
    try:
        meant = date(int(year), int(month), int(day))
    except ValueError:  # no such day: the word stays, and is told
        return
    found.setdefault(meant, []).extend(places)


def _template(
    words: _Words, templates: Sequence[tuple[int, str]], names: frozenset[str], *, beginnings: bool
) -> int | None:
    spelt = {template: fold(name).split() for template, name in templates}
    found = {template: places for template, name in spelt.items() if (places := _places_of(name, words.folded))}
    inside = {
        one for one, places in found.items() for other in found.values() if set(places) < set(other)
    }  # "check" within "tooth check"
    found = {template: places for template, places in found.items() if template not in inside}
    if not found and beginnings:
        found = _begun(words, spelt)
    if len(found) == 1:
        ((template, places),) = found.items()
        if not {words.folded[place] for place in places} & names:
            words.take(places)
            return template
    words.set_aside(place for places in found.values() for place in places)
    return None


def _begun(words: _Words, spelt: Mapping[int, Sequence[str]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for place, word in enumerate(words.folded):
        if len(word) >= SHORTEST_BEGINNING and word not in METHOD_WORDS:
            for template, name in spelt.items():
                if any(part.startswith(word) for part in name):
                    found.setdefault(template, []).append(place)
    return found


def _places_of(name: Sequence[str], folded: Sequence[str]) -> list[int]:
    for start in range(len(folded) - len(name) + 1):
        if list(folded[start : start + len(name)]) == list(name):
            return list(range(start, start + len(name)))
    return []


def _method(words: _Words, names: frozenset[str]) -> Method | None:
    places = [place for place, word in enumerate(words.folded) if word in METHOD_WORDS]
    meant = {METHOD_WORDS[words.folded[place]] for place in places}
    if len(meant) == 1 and not {words.folded[place] for place in places} & names:
        words.take(places)
        return meant.pop()
    words.set_aside(places)
    return None


def _people(words: _Words, candidates: Sequence[Candidate], common: frozenset[str]) -> tuple[int | None, int | None]:
    typed = frozenset(words.folded)
    covered = [(one, one.found(typed)) for one in candidates]
    most = max((len(found) for _, found in covered), default=0)
    if not most:
        return None, None
    best = [(one, found) for one, found in covered if len(found) == most]
    meant = frozenset[str]().union(*(found for _, found in best))
    clients = {one.client.id for one, _ in best}
    places = [place for place, word in enumerate(words.folded) if word in meant]
    if len(clients) > 1 or (meant <= common and most == 1):
        words.set_aside(places)
        return None, None
    patients = {one.patient.id for one, found in best if one.patient is not None and one.names_patient(found)}
    if len(patients) > 1:
        own = frozenset[str]().union(*(_words_of(one.patient.name) for one, _ in best if one.patient is not None))
        words.set_aside(place for place in places if words.folded[place] in own)
        words.take(place for place, word in enumerate(words.folded) if word in meant)
        return clients.pop(), None
    words.take(places)
    return clients.pop(), patients.pop() if patients else None


def _names(one: Candidate) -> frozenset[str]:
    own = frozenset[str]() if one.patient is None else _words_of(one.patient.name)
    return own | _words_of(one.client.name)


def _client_words(client: Client) -> frozenset[str]:
    digits = (client.phone or "").removeprefix("+")
    # Country codes have one to three digits; dialled at home, a nought stands in their place.
    numbers = {digits, *(f"0{digits[length:]}" for length in (1, 2, 3))} if digits else set()
    email = {fold(client.email)} if client.email else set()
    return _words_of(client.name) | numbers | email


def _words_of(name: str) -> frozenset[str]:
    return frozenset(word for part in name.split() if (word := fold(part.strip(_EDGES))))
