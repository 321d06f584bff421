"""May this text be kept as a message to a client, and what does it say for one client?

A text holds placeholders in Jinja2's notation and may choose between wordings by `{% if %}` (rules P4 and P10). What
is allowed is listed, not what is forbidden: before anything is compiled, every node of the syntax tree must be plain
text, a known placeholder, a quoted constant, one of six filters, or a condition made of these. The sandbox and strict
undefined names stand behind that list; on its own the sandbox lets `range(99999)` and `'a' * 500000000` through.

The result is plain text. Nothing in it is escaped: whoever puts it into HTML or Slack escapes it there. A subject is
looked at once more after its names are filled in (`bot.domain.typed.header_problem`).
"""

from __future__ import annotations

import dataclasses
import difflib
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Final

import jinja2
from jinja2 import nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.domain.errors import ReminderBotError, Unusable
from bot.domain.messages import Message, message
from bot.domain.typed import SUBJECT_LIMIT, TextRefused, is_blank, one_line

SOURCE_LIMIT: Final = 3000
"""Characters of a text with its placeholders not yet filled in."""
RENDERED_LIMIT: Final = 10_000
"""Characters of a text with its placeholders filled in."""
MOST_LEVELS: Final = 20
"""How deep conditions, alternatives and filters may lie within each other."""

KEPT: Final = 512
"""How many texts stay compiled: most reminders of a day are made from a few templates."""

_EXAMPLE: Final = "{{ client_name }}"
_QUOTED_LIMIT: Final = 40
_PLAIN_FILTERS: Final = frozenset({"upper", "lower", "title", "capitalize", "trim"})
_FILTERS: Final = _PLAIN_FILTERS | {"default"}
_COMPARISONS: Final = frozenset({"eq", "ne", "in", "notin"})


class Placeholder(StrEnum):
    """What a text can name; filled in for each client on the day."""

    CLIENT_NAME = "client_name"
    CLIENT_FIRST_NAME = "client_first_name"
    PATIENT_NAME = "patient_name"
    SPECIES = "species"
    DUE_DATE = "due_date"
    CLINIC_NAME = "clinic_name"
    CLINIC_PHONE = "clinic_phone"


class TemplateRefused(Unusable):
    """This text cannot be kept; the reason names the construct in plain words."""


class TemplateBroken(ReminderBotError):
    """A kept text could not be filled in. Never carries a value of a placeholder."""


@dataclasses.dataclass(frozen=True, slots=True)
class CompiledText:
    """A text that passed the check, to be filled in for many clients."""

    _template: jinja2.Template

    def render(self, values: Mapping[Placeholder, str]) -> str:
        """The text with `values` filled in.

        Raises:
            TemplateBroken: if a value is missing, or the result is blank or too long.
        """
        named = {placeholder.value: values[placeholder] for placeholder in Placeholder if placeholder in values}
        parts: list[str] = []
        length = 0
        problem = None
        try:
            for part in self._template.generate(named):
                length += len(part)
                if length > RENDERED_LIMIT:
                    problem = message("The text grows too long once its placeholders are filled in.")
                    break
                parts.append(part)
        except jinja2.TemplateError:
            problem = message("The text names something that is not known for this client.")
        text = "".join(parts)
        if problem is None and is_blank(text):
            problem = message("The text is empty once its placeholders are filled in.")
        if problem is not None:
            raise TemplateBroken(problem)
        return text


def check(source: str) -> None:
    """Accept `source` as the text of a message.

    Raises:
        TemplateRefused: with what is wrong and what would work.
    """
    _checked_tree(source)


def compiled(source: str) -> CompiledText:
    """`source`, checked and ready to be filled in.

    Raises:
        TemplateRefused: with what is wrong and what would work.
    """
    return CompiledText(_environment().from_string(_checked_tree(source)))


def render(source: str, values: Mapping[Placeholder, str]) -> str:
    """`source` with `values` filled in, as plain text.

    Raises:
        TemplateBroken: if the source does not pass the check, or cannot be filled in.
    """
    problem = None
    try:
        text = _kept(source)
    except TemplateRefused as refused:
        problem = refused.reason
    if problem is not None:
        raise TemplateBroken(problem)
    return text.render(values)


@functools.lru_cache(maxsize=KEPT)
def _kept(source: str) -> CompiledText:
    return compiled(source)


@functools.cache
def _environment() -> ImmutableSandboxedEnvironment:
    environment = ImmutableSandboxedEnvironment(
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # plain text: see the module's first lines
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=0,
    )
    environment.globals.clear()
    for kept, known in ((_FILTERS, environment.filters), ({"defined"}, environment.tests)):
        for name in set(known) - kept:
            del known[name]
    return environment


def _checked_tree(source: str) -> nodes.Template:
    if is_blank(source):
        raise TemplateRefused(message("There is no text yet. Write what the client should read."))
    if len(source) > SOURCE_LIMIT:
        raise TemplateRefused(message("The text is longer than {limit} characters. Shorten it.", limit=SOURCE_LIMIT))
    problem = None
    try:
        tree = _environment().parse(source)
    except jinja2.TemplateSyntaxError as error:
        problem = _syntax_problem(source, error.lineno)
    except RecursionError:
        problem = _too_deep()
    if problem is not None:
        raise TemplateRefused(problem)
    _check_statements(tree.body, 0)
    if not _says_something(tree):
        raise TemplateRefused(message("There is no text yet. Write what the client should read."))
    return tree


def _says_something(tree: nodes.Template) -> bool:
    for output in tree.find_all(nodes.Output):
        if next(output.find_all(nodes.Name), None) is not None:
            return True
        if not all(is_blank(data.data) for data in output.find_all(nodes.TemplateData)):
            return True
        if not all(is_blank(str(constant.value)) for constant in output.find_all(nodes.Const)):
            return True
    return False


# The list of what is allowed. Each function takes one kind of node and refuses every other.


def _check_statements(statements: Iterable[nodes.Node], level: int) -> None:
    _check_level(level)
    for statement in statements:
        if isinstance(statement, nodes.Output):
            for part in statement.nodes:
                if isinstance(part, nodes.TemplateData):
                    _check_plain(part.data)
                else:
                    _check_text(part, level + 1)
        elif isinstance(statement, nodes.If):
            _check_condition(statement.test, level + 1)
            _check_statements(statement.body, level + 1)
            _check_statements(statement.elif_, level + 1)
            _check_statements(statement.else_, level + 1)
        else:
            raise TemplateRefused(_forbidden(statement))


def _check_condition(node: nodes.Node, level: int) -> None:
    _check_level(level)
    if isinstance(node, nodes.And | nodes.Or):
        _check_condition(node.left, level + 1)
        _check_condition(node.right, level + 1)
    elif isinstance(node, nodes.Not):
        _check_condition(node.node, level + 1)
    elif isinstance(node, nodes.Compare):
        _check_text(node.expr, level + 1)
        for operand in node.ops:
            if operand.op not in _COMPARISONS:
                raise TemplateRefused(message("Texts are compared with == and != only, or looked for with “in”."))
            _check_text(operand.expr, level + 1)
    elif isinstance(node, nodes.Test):
        if node.name != "defined" or not isinstance(node.node, nodes.Name) or _has_arguments(node):
            raise TemplateRefused(message("After “is” only “defined” is possible. Compare with == instead."))
        _check_text(node.node, level + 1)
    else:
        _check_text(node, level)


def _check_text(node: nodes.Node, level: int) -> None:
    _check_level(level)
    if isinstance(node, nodes.Name):
        if node.ctx != "load" or node.name not in set(Placeholder):
            raise TemplateRefused(_unknown_placeholder(node.name))
    elif isinstance(node, nodes.Const):
        _check_constant(node)
    elif isinstance(node, nodes.Filter):
        _check_filter(node, level)
    else:
        raise TemplateRefused(_forbidden(node))


def _check_filter(node: nodes.Filter, level: int) -> None:
    if node.name not in _FILTERS or node.node is None:
        raise TemplateRefused(
            message(
                "After | only these are possible: {filters}. “{typed}” is not.",
                filters=", ".join(sorted(_FILTERS)),
                typed=_quoted(node.name),
            )
        )
    fits = _arguments_of_default_fit(node) if node.name == "default" else not _has_arguments(node)
    if not fits:
        raise TemplateRefused(
            message(
                "“{filter}” is not written like that. {example} would work.",
                filter=node.name,
                example="{{ species|default('pet', true) }}"
                if node.name == "default"
                else "{{ species|" + node.name + " }}",
            )
        )
    _check_text(node.node, level + 1)


def _arguments_of_default_fit(node: nodes.Filter) -> bool:
    if node.kwargs or node.dyn_args or node.dyn_kwargs or not 1 <= len(node.args) <= 2:
        return False
    first, *rest = node.args
    if not isinstance(first, nodes.Const):
        return False
    _check_constant(first)
    return all(isinstance(argument, nodes.Const) and argument.value is True for argument in rest)


def _has_arguments(node: nodes.Filter | nodes.Test) -> bool:
    return bool(node.args or node.kwargs or node.dyn_args or node.dyn_kwargs)


def _check_constant(node: nodes.Const) -> None:
    if not isinstance(node.value, str):
        raise TemplateRefused(message("Only texts in quotes can stand here, such as 'cat'."))
    problem = None
    try:
        one_line(node.value, SUBJECT_LIMIT)
    except TextRefused as refused:
        problem = refused.reason
    if problem is not None:
        raise TemplateRefused(problem)


def _check_plain(text: str) -> None:
    if "}}" in text or "%}" in text or "{{" in text or "{%" in text:
        raise TemplateRefused(_unclosed_brace())
    for single in re.finditer(r"\{\s*(\w+)\s*\}?", text):
        if single[1] in set(Placeholder):
            raise TemplateRefused(_unclosed_brace())


def _check_level(level: int) -> None:
    if level > MOST_LEVELS:
        raise TemplateRefused(_too_deep())


# What the refusals say.


def _unclosed_brace() -> Message:
    return message("A brace is missing. A placeholder has two on each side: {example}.", example=_EXAMPLE)


def _too_deep() -> Message:
    return message("This is nested too deeply. Use fewer conditions or parentheses within each other.")


def _unknown_placeholder(name: str) -> Message:
    nearest = difflib.get_close_matches(name.lower(), list(Placeholder), n=1)
    if nearest:
        return message(
            "“{typed}” is not a placeholder. Did you mean {nearest}?",
            typed=_quoted(name),
            nearest="{{ " + nearest[0] + " }}",
        )
    return message(
        "“{typed}” is not a placeholder. These are: {known}.", typed=_quoted(name), known=", ".join(Placeholder)
    )


def _syntax_problem(source: str, line: int) -> Message:
    if any(source.count(opened) != source.count(closed) for opened, closed in (("{{", "}}"), ("{%", "%}"))):
        return _unclosed_brace()
    if len(re.findall(r"\{%-?\s*if\b", source)) != len(re.findall(r"\{%-?\s*endif\b", source)):
        return message("Each {opened} needs its own {closed}.", opened="{% if … %}", closed="{% endif %}")
    return message(
        "Line {line} cannot be read. Placeholders look like {example}, conditions like {condition}.",
        line=line,
        example=_EXAMPLE,
        condition="{% if species == 'cat' %} … {% endif %}",
    )


def _forbidden(node: nodes.Node) -> Message:
    for kinds, said in _WHY_NOT:
        if isinstance(node, kinds):
            return said
    return message("Only placeholders such as {example} and simple conditions are possible here.", example=_EXAMPLE)


def _quoted(typed: str) -> str:
    return typed if len(typed) <= _QUOTED_LIMIT else typed[: _QUOTED_LIMIT - 1] + "…"


_WHY_NOT: Final[Sequence[tuple[tuple[type[nodes.Node], ...], Message]]] = (
    (
        (nodes.Getattr, nodes.Getitem, nodes.Slice),
        message(
            "A dot or bracket after a name is not possible. Use the placeholder alone: {example}.", example=_EXAMPLE
        ),
    ),
    ((nodes.Call, nodes.CallBlock), message("Calling something with parentheses is not possible in a message.")),
    ((nodes.For,), message("Loops are not possible in a message. Write the text out.")),
    (
        (nodes.CondExpr, nodes.Compare, nodes.Test, nodes.And, nodes.Or, nodes.Not),
        message("A condition belongs into {example}.", example="{% if species == 'cat' %} … {% endif %}"),
    ),
    (
        (nodes.BinExpr, nodes.UnaryExpr, nodes.Concat),
        message("Nothing can be computed or joined in a message. Put placeholders beside each other instead."),
    ),
    (
        (nodes.Assign, nodes.AssignBlock, nodes.With, nodes.Macro),
        message("A message cannot define its own names. Use the placeholders."),
    ),
    (
        (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends, nodes.Block),
        message("A message cannot take in other texts. Write the text out."),
    ),
    ((nodes.Tuple, nodes.List, nodes.Dict), message("Lists are not possible in a message. Write the text out.")),
)
