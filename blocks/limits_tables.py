"""What does Slack demand of a table and of a data table?

From docs.slack.dev/reference/block-kit/blocks/table-block and …/data-table-block. Where a page grew from one capture
to the next (101 rows with 10,000 characters to 201 with 20,000 in a data table; a table's cells that had no bound
have one), the later text is taken. The pages bound the cells of all tables of a message together as well; as a
message may hold one table here (`blocks.limits_blocks`), that is the same number.
"""

from __future__ import annotations

from blocks.limits_rich_text import MOST, RICH_TEXT_ONLY
from blocks.limits_shapes import (
    Object,
    Report,
    Rule,
    Shape,
    array,
    child,
    flag,
    integer,
    members,
    nothing_or,
    number,
    one_of,
    string,
    text_lengths,
    typed,
)

TABLE_ROWS = 100
TABLE_COLUMNS = 20
TABLE_TEXT = 10_000  # of all cells
DATA_TABLE_ROWS = 201  # with the one of headings
DATA_TABLE_PAGE = 100
DATA_TABLE_TEXT = 20_000  # of all cells


def _rectangular(report: Report, pointer: str, value: Object) -> None:
    rows = value.get("rows")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, list) for row in rows):
        return
    for index, row in enumerate(rows):
        if len(row) != len(rows[0]):
            report.add(child(child(pointer, "rows"), index), f"has {len(row)} cells, the first row has {len(rows[0])}")
    for index, cell in members(rows[0]):
        if cell.get("type") == "rich_text":
            report.add(child(child(child(pointer, "rows"), 0), index), "is a heading and may not be rich_text")


def _readable(most: int) -> Rule:
    def checked(report: Report, pointer: str, value: Object) -> None:
        shown = sum(text_lengths(value.get("rows")))
        if shown > most:
            report.add(child(pointer, "rows"), f"hold {shown} characters, at most {most} are allowed")

    return checked


_CELL = typed(
    "a cell",
    {
        "raw_text": Shape(required={"text": string(MOST, blank=True)}).check,
        "raw_number": Shape(required={"value": number, "text": string(MOST)}).check,
        "rich_text": RICH_TEXT_ONLY,
    },
)
_COLUMN = Shape(optional={"align": one_of("left", "center", "right"), "is_wrapped": flag})

TABLE = Shape(
    required={"rows": array(array(_CELL, TABLE_COLUMNS), TABLE_ROWS)},
    optional={"column_settings": array(nothing_or(_COLUMN.check), TABLE_COLUMNS)},
    rules=(_readable(TABLE_TEXT),),
)
DATA_TABLE = Shape(
    required={"caption": string(MOST), "rows": array(array(_CELL, TABLE_COLUMNS), DATA_TABLE_ROWS, least=2)},
    optional={
        "page_size": integer(1, DATA_TABLE_PAGE),
        "row_header_column_index": integer(0, TABLE_COLUMNS - 1),
    },
    rules=(_rectangular, _readable(DATA_TABLE_TEXT)),
)
