"""What does Slack demand of the chart in a data_visualization block?

From docs.slack.dev/reference/block-kit/blocks/data-visualization-block.
"""

from __future__ import annotations

from collections.abc import Mapping

from blocks.limits_shapes import Object, Report, Shape, array, child, members, number, positive, string, typed

CHART_TITLE = 50
CHART_LABEL = 20
CHART_SERIES = 12
CHART_POINTS = 20


def _told_apart(report: Report, pointer: str, value: Object) -> None:
    """No two series have one name."""
    seen = set[str]()
    for index, series in members(value.get("series")):
        name = series.get("name")
        if isinstance(name, str):
            if name in seen:
                report.add(child(child(child(pointer, "series"), index), "name"), "is the name of another series too")
            seen.add(name)


def _drawn(report: Report, pointer: str, value: Object) -> None:
    """Every series has one point for each category."""
    config = value.get("axis_config")
    categories = config.get("categories") if isinstance(config, Mapping) else None
    if not isinstance(categories, list):
        return
    for index, series in members(value.get("series")):
        labels = [point.get("label") for _, point in members(series.get("data"))]
        if sorted(map(str, labels)) != sorted(map(str, categories)):
            report.add(child(child(pointer, "series"), index), "must have one point for each category")


_LABEL = string(CHART_LABEL)
_SERIES = Shape(
    required={
        "name": _LABEL,
        "data": array(Shape(required={"label": _LABEL, "value": number}).check, CHART_POINTS),
    }
)
_AXES = Shape(
    required={"categories": array(_LABEL, CHART_POINTS)},
    optional={"x_label": string(CHART_TITLE), "y_label": string(CHART_TITLE)},
)
_LINES = Shape(
    required={"series": array(_SERIES.check, CHART_SERIES), "axis_config": _AXES.check}, rules=(_drawn, _told_apart)
)
_PIE = Shape(required={"segments": array(Shape(required={"label": _LABEL, "value": positive}).check, CHART_SERIES)})
CHART = typed("a chart", {"pie": _PIE.check, **dict.fromkeys(("bar", "area", "line"), _LINES.check)})
