"""A text fills in known placeholders and does nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.template import (
    MOST_LEVELS,
    RENDERED_LIMIT,
    SOURCE_LIMIT,
    Placeholder,
    TemplateBroken,
    TemplateRefused,
    check,
    compiled,
    render,
)

VALUES = {
    Placeholder.CLIENT_NAME: "Anna Berg",
    Placeholder.CLIENT_FIRST_NAME: "Anna",
    Placeholder.PATIENT_NAME: "Misse",
    Placeholder.SPECIES: "cat",
    Placeholder.DUE_DATE: "4 May 2026",
    Placeholder.CLINIC_NAME: "Kliniken",
    Placeholder.CLINIC_PHONE: "08-123 456 78",
}


def _why_not(source: str) -> str:
    with pytest.raises(TemplateRefused) as caught:
        check(source)
    return str(caught.value.reason)


def _why_broken(source: str, values: dict[Placeholder, str]) -> str:
    with pytest.raises(TemplateBroken) as caught:
        render(source, values)
    assert caught.value.__context__ is None
    return str(caught.value.reason)


# What a text can do


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Hej!", "Hej!"),
        ("Hej {{ client_first_name }}, {{patient_name}} …", "Hej Anna, Misse …"),
        ("{{ patient_name|upper }} {{ patient_name|lower|capitalize }}", "MISSE Misse"),
        ("{{ species|title }} {{ ' x '|trim }}", "Cat x"),
        ("{{ species|default('pet') }} {{ ''|default('pet', true) }}", "cat pet"),
        ("{{ 'Hej' }}", "Hej"),
        ("{% if species == 'cat' %}Katt{% else %}Annat{% endif %}", "Katt"),
        ("{% if species == 'dog' %}Hund{% elif species != 'cat' %}Annat{% else %}Katt{% endif %}", "Katt"),
        ("{% if not species or 'x' in species %}A{% endif %}B", "B"),
        ("{% if species and 'og' not in species %}A{% endif %}", "A"),
        ("{% if clinic_phone is defined %}Ring{% endif %}", "Ring"),
        ("{% if species is not defined %}A{% endif %}B", "B"),
        ("A\n{% if species %}\nB\n{% endif %}\nC", "A\nB\nC"),  # a condition on its own line leaves no blank line
        ("A{# a remark #}B", "AB"),
        ("100 % {a} { } <b>&amp;</b>", "100 % {a} { } <b>&amp;</b>"),  # plain text, nothing is escaped
    ],
)
def test_a_text_is_filled_in(source: str, expected: str) -> None:
    check(source)
    assert render(source, VALUES) == expected
    assert compiled(source).render(VALUES) == expected


@pytest.mark.parametrize("placeholder", list(Placeholder))
def test_every_placeholder_is_filled_in(placeholder: Placeholder) -> None:
    assert render("<{{ " + placeholder + " }}>", VALUES) == f"<{VALUES[placeholder]}>"


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60))
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    values = VALUES | {Placeholder.PATIENT_NAME: value}
    assert render("-{{ patient_name }}-", values) == f"-{value}-"


@pytest.mark.parametrize("value", ["{{ clinic_phone }}", "{% if x %}", "{{ 7*7 }}", "{# x #}", "%s{0}", "<script>"])
def test_a_value_that_looks_like_a_template_stays_as_it_is(value: str) -> None:
    assert render("{{ client_name }}", VALUES | {Placeholder.CLIENT_NAME: value}) == value


# What it cannot do


@pytest.mark.parametrize(
    ("source", "says"),
    [
        # walks to Python's internals
        ("{{ ''.__class__.__mro__[1].__subclasses__() }}", "parentheses"),
        ("{{ client_name.__class__ }}", "dot or bracket"),
        ("{{ client_name['__class__'] }}", "dot or bracket"),
        ("{{ client_name[0] }}", "dot or bracket"),
        ("{{ client_name[1:] }}", "dot or bracket"),
        ("{{ client_name|attr('__class__') }}", "“attr” is not"),
        ("{% if client_name.__class__ %}x{% endif %}", "dot or bracket"),
        ("{{ client_name|default(client_name.__class__) }}", "not written like that"),
        ("{{ '%s'|format(client_name) }}", "“format” is not"),
        ("{{ client_name.format() }}", "parentheses"),
        # loops and sizes
        ("{{ range(99999) }}", "parentheses"),
        ("{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}", "Loops"),
        ("{{ 'a' * 500000000 }}", "computed or joined"),
        ("{{ 10 ** 999999 }}", "computed or joined"),
        ("{% if 10 ** 999999 %}x{% endif %}", "computed or joined"),
        ("{{ 'a' ~ client_name }}", "computed or joined"),
        ("{{ -1 }}", "computed or joined"),
        ("{{ client_name|center(500000000) }}", "“center” is not"),
        ("{{ client_name|trim('x') }}", "{{ species|trim }} would work"),
        ("{{ species|default }}", "{{ species|default('pet', true) }} would work"),
        ("{{ species|default(default_value='x') }}", "not written like that"),
        ("{{ species|default(*species) }}", "not written like that"),
        ("{{ species|default(**species) }}", "not written like that"),
        ("{{ species|default('x', false) }}", "not written like that"),
        ("{{ species|default('x', species) }}", "not written like that"),
        ("{{ species|default('x', true, true) }}", "not written like that"),
        # names of its own, other texts
        ("{% set a = 'b' %}{{ a }}", "own names"),
        ("{% set a %}b{% endset %}", "own names"),
        ("{% with a = 'b' %}x{% endwith %}", "own names"),
        ("{% macro a() %}x{% endmacro %}", "own names"),
        ("{% call client_name() %}x{% endcall %}", "parentheses"),
        ("{% include 'x' %}", "other texts"),
        ("{% import 'x' as y %}", "other texts"),
        ("{% from 'x' import y %}", "other texts"),
        ("{% extends 'x' %}", "other texts"),
        ("{% block x %}y{% endblock %}", "other texts"),
        ("{% filter upper %}x{% endfilter %}", "Only placeholders"),
        ("{% autoescape true %}x{% endautoescape %}", "Only placeholders"),
        # values of other kinds
        ("{{ 5 }}", "texts in quotes"),
        ("{{ true }}", "texts in quotes"),
        ("{{ none }}", "texts in quotes"),
        ("{{ [client_name] }}", "Lists"),
        ("{{ {'a': client_name} }}", "Lists"),
        ("{{ client_name, species }}", "Lists"),
        # conditions in the wrong place or of the wrong kind
        ("{{ 'a' if species else 'b' }}", "condition belongs"),
        ("{{ species is defined }}", "condition belongs"),
        ("{{ species or 'pet' }}", "condition belongs"),
        ("{{ not species }}", "condition belongs"),
        ("{{ species == 'cat' }}", "condition belongs"),
        ("{% if species > 'a' %}x{% endif %}", "== and !="),
        ("{% if 'x' in (species is defined) %}x{% endif %}", "condition belongs"),
        ("{% if species is string %}x{% endif %}", "only “defined”"),
        ("{% if 'a' is defined %}x{% endif %}", "only “defined”"),
        # what a constant could smuggle in
        ("{{ 'a\\nBcc: b' }}", "one line"),
        ("{{ '\\x00' }}", "hidden control"),
        ("{{ '\\ud800' }}", "hidden control"),
        ("{{ species|default('=?utf-8?q?a?=') }}", "=?"),
        # the environment's own names
        ("{{ self }}", "“self” is not a placeholder"),
        ("{{ loop }}", "“loop” is not a placeholder"),
        ("{{ cycler }}", "“cycler” is not a placeholder"),
    ],
)
def test_anything_else_is_refused_in_plain_words(source: str, says: str) -> None:
    assert says in _why_not(source)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("{{ clientname }}", "“clientname” is not a placeholder. Did you mean {{ client_name }}?"),
        ("{{ Patient_Name }}", "Did you mean {{ patient_name }}?"),
        ("{{ pateint_name|upper }}", "Did you mean {{ patient_name }}?"),
        ("{% if specis == 'cat' %}x{% endif %}", "Did you mean {{ species }}?"),
        ("{{ kundnamn }}", "These are: client_name, client_first_name"),
        ("{{ " + "x" * 40 + " }}", "“" + "x" * 40 + "”"),
        ("{{ " + "x" * 100 + " }}", "“" + "x" * 39 + "…”"),
    ],
)
def test_a_misspelt_placeholder_is_named_with_the_nearest_right_one(source: str, says: str) -> None:
    assert says in _why_not(source)


@pytest.mark.parametrize(
    "source",
    [
        "Hej {{ client_name",
        "Hej {{ client_name }",
        "Hej { client_name }}",
        "Hej {client_name}",
        "Hej client_name }}",
        "{% if species x{% endif %}",
        "{% if species }x{% endif %}",
    ],
)
def test_an_unclosed_brace_is_named(source: str) -> None:
    assert "A brace is missing" in _why_not(source)


@pytest.mark.parametrize(
    "source", ["{% if species %}x", "x{% endif %}", "{% if species %}{% if species %}x{% endif %}"]
)
def test_a_condition_without_its_end_is_named(source: str) -> None:
    assert "{% if … %} needs its own {% endif %}" in _why_not(source)


@pytest.mark.parametrize("source", ["Hej\n{% foo %}", "Hej\n{{ }}", "Hej\n{{ client_name species }}", "Hej\n{{ 'a }}"])
def test_what_cannot_be_read_is_named_with_its_line(source: str) -> None:
    assert "Line 2 cannot be read" in _why_not(source)


@pytest.mark.parametrize(
    "source", ["", " \n", "\u200b", "{# a remark #}", "{{ '' }}", "{{ ' ' }}", "{% if species == 'cat' %} {% endif %}"]
)
def test_no_text_at_all_is_refused(source: str) -> None:
    assert "no text yet" in _why_not(source)


@pytest.mark.parametrize(
    "source",
    [
        "{% if " + "(" * 900 + "species" + ")" * 900 + " %}x{% endif %}",
        "{% if " + "not " * 700 + "species %}x{% endif %}",
        "{% if species" + " or species" * 200 + " %}x{% endif %}",
        "{% if species %}" * 90 + "x" + "{% endif %}" * 90,
        "{{ species" + "|upper" * 400 + " }}",
    ],
)
def test_deep_nesting_is_refused_and_overflows_nothing(source: str) -> None:
    assert len(source) <= SOURCE_LIMIT
    assert "nested too deeply" in _why_not(source)


@pytest.mark.parametrize(
    ("opened", "inside", "closed", "most"),
    [
        ("", "{{ species", "|upper", MOST_LEVELS - 1),
        ("{% if species %}", "x", "{% endif %}", MOST_LEVELS),
        ("{% if species %}x{% else %}", "x", "{% endif %}", MOST_LEVELS),
        ("not ", "species", "", MOST_LEVELS - 1),
        ("(", "species", " or species)", MOST_LEVELS - 1),
        ("(species and ", "species", ")", MOST_LEVELS - 1),
        ("(", "species is defined", " or species == 'x')", MOST_LEVELS - 2),
    ],
)
def test_nesting_is_possible_up_to_the_limit(opened: str, inside: str, closed: str, most: int) -> None:
    def nested(levels: int) -> str:
        text = opened * levels + inside + closed * levels
        if text.startswith("{{"):
            return text + " }}"
        return text if "{%" in text else "{% if " + text + " %}x{% endif %}"

    check(nested(most))
    assert "nested too deeply" in _why_not(nested(most + 1))


def test_an_alternative_counts_as_nested() -> None:
    chain = "{% if species %}x{% elif patient_name %}"
    check(chain * 10 + "x" + "{% endif %}" * 10)  # each alternative is two levels deep
    assert "nested too deeply" in _why_not(chain * 11 + "x" + "{% endif %}" * 11)


def test_a_long_text_is_refused() -> None:
    check("x" * SOURCE_LIMIT)
    assert "longer than 3000 characters" in _why_not("x" * (SOURCE_LIMIT + 1))


# What can still break on the day


def test_a_text_that_grows_too_long_is_broken() -> None:
    source = "{{ patient_name }}" * 100  # 100 × 100 characters are exactly the limit
    assert len(render(source, VALUES | {Placeholder.PATIENT_NAME: "x" * 100})) == RENDERED_LIMIT
    assert "too long" in _why_broken(source, VALUES | {Placeholder.PATIENT_NAME: "x" * 101})


def test_a_missing_value_is_broken_and_not_an_empty_place() -> None:
    assert "not known" in _why_broken("Hej {{ client_name }}", {})
    assert "not known" in _why_broken("{% if species %}x{% endif %}Hej", {})


def test_a_missing_value_can_have_a_default() -> None:
    assert render("{{ species|default('pet') }}", {}) == "pet"
    assert render("{% if species is defined %}x{% else %}y{% endif %}", {}) == "y"


@pytest.mark.parametrize("value", ["", " ", "\u200b"])
def test_a_text_that_comes_out_empty_is_broken(value: str) -> None:
    assert "empty" in _why_broken("{{ species }}", {Placeholder.SPECIES: value})


def test_a_kept_text_that_would_be_refused_today_is_broken() -> None:
    assert "parentheses" in _why_broken("{{ range(9) }}", VALUES)


def test_what_breaks_does_not_hold_a_value() -> None:
    values = VALUES | {Placeholder.PATIENT_NAME: "Hemlig" * 2000}
    with pytest.raises(TemplateBroken) as caught:
        render("{{ patient_name }}", values)
    assert "Hemlig" not in repr(caught.value.args) + repr(caught.value.reason)
    assert caught.value.__context__ is None


_PIECES = [
    *("{{", "}}", "{%", "%}", "if", "elif", "else", "endif", "for", "in", "set", "not", "and", "or", "is", "defined"),
    *("client_name", "species", "clientname", "'cat'", "''", "5", "|", "upper", "default", "(", ")", ".", "[", "]"),
    *("==", "!=", "<", "*", "**", "~", "+", "-", ",", "\n", "x", "__class__", "range", "{", "}", "#}", "{#", "true"),
]
_SCRAPS = st.lists(st.sampled_from(_PIECES), max_size=25).map(" ".join)
_NAMES = st.sampled_from(list(Placeholder))
_WORDS = st.text("abc åäö", max_size=5)
_SHOWN = st.builds(
    "{{{{ {}{} }}}}".format, _NAMES, st.sampled_from(["", "|upper", "|trim|title", "|default('x', true)"])
)
_CONDITIONS = st.recursive(
    st.builds("{} == '{}'".format, _NAMES, _WORDS) | _NAMES | st.builds("{} is defined".format, _NAMES),
    lambda inner: st.builds("({} and not {})".format, inner, inner) | st.builds("({} or {})".format, inner, inner),
    max_leaves=4,
)
_TEXTS = st.recursive(
    _WORDS | _SHOWN,
    lambda inner: (
        st.lists(inner, max_size=3).map("".join)
        | st.builds("{{% if {} %}}{}{{% else %}}{}{{% endif %}}".format, _CONDITIONS, inner, inner)
    ),
    max_leaves=6,
)


@given(_SCRAPS | st.text(max_size=80))
def test_any_source_is_refused_or_can_be_filled_in(source: str) -> None:
    try:
        check(source)
    except TemplateRefused:
        return
    reason = ""
    try:
        render(source, VALUES)
    except TemplateBroken as broken:
        reason = str(broken.reason)
    assert not reason or "empty" in reason


@given(_TEXTS)
def test_every_text_of_the_allowed_kind_passes_and_holds_only_its_own_words_and_values(source: str) -> None:
    text = f"-{source}-"
    check(text)
    rendered = render(text, dict.fromkeys(Placeholder, "V"))
    assert set(rendered.lower()) <= set("abc åäö-vx")
