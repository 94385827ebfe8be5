"""Tests that the checks find each deliberate fault."""

import pytest

from lstm_figs.render.svg import escape
from lstm_figs.sources import Source
from tests.binding import cases, descriptions, parts, specs
from tests.binding.breaking import RECORDED, svg_of, unbroken_svg
from tests.binding.checking import faults, has_fault
from tests.binding.drawing import drawing
from tests.binding.faults import (
    blocks,
    footers,
    legends,
    looks,
    over_time,
    places,
    scales,
    shapes,
    signs,
    texts,
    wires,
    words,
)

TABLES = (
    *(blocks, footers, legends, looks, over_time, places, scales, shapes),
    *(signs, texts, wires, words),
    *specs.fault_tables(),
)


def broken(name, form, width, fault):
    """A test parameter; only the first and the last of a fault run without `--all`."""
    ends = ((fault.forms[0], fault.widths[0]), (fault.forms[-1], fault.widths[-1]))
    marks = () if (form, width) in ends else pytest.mark.thorough
    return pytest.param(form, width, fault, id=named(name, form, width), marks=marks)


def named(*parts):
    return "-".join(str(part).replace(" ", "_") for part in parts)


BROKEN = [
    (name, form, width, fault)
    for table in TABLES
    for name, fault in getattr(table, "FAULTS", {}).items()
    for form in fault.forms
    for width in fault.widths
]
CHANGED = [
    (name, change) for table in TABLES for name, change in getattr(table, "CHANGES", {}).items()
]
DESCRIPTION_FAULTS = [
    (name, form, *words)
    for table in TABLES
    for form, each in getattr(table, "DESCRIPTION_FAULTS", {}).items()
    for name, words in each.items()
]
UNBROKEN = {
    (form, fault.source, width) for _, form, width, fault in BROKEN if fault.source != Source()
}
"""Figures drawn with tensors other than the default, which must pass unbroken."""


def test_no_fault_is_in_two_tables():
    keys = [key for *key, _ in BROKEN] + [[n, c.form] for n, c in CHANGED]
    keys += [[name, form] for name, form, *_ in DESCRIPTION_FAULTS]
    assert [key for key in keys if keys.count(key) > 1] == []


@pytest.mark.parametrize(("form", "source", "width"), sorted(UNBROKEN, key=str), ids=named)
def test_an_unbroken_figure_has_no_faults(form, source, width):
    assert unbroken_svg(form, source, width)


@pytest.mark.parametrize(("form", "width", "fault"), [broken(*each) for each in BROKEN])
def test_a_fault_is_found(form, width, fault, monkeypatch):
    # Bypass the cache, so that other tests do not get the broken drawing.
    monkeypatch.setattr(cases, "svg", cases.svg.__wrapped__)
    fault.patch(monkeypatch)
    read = drawing(svg_of(form, fault.source, width))
    if fault.expected == RECORDED:
        section = parts.section_of(form, cases.DEFAULT)
        assert parts.faults(read, width, section)
        assert faults(read) == []
    else:
        assert has_fault(read, fault.expected), faults(read)


@pytest.mark.parametrize(
    "change", [pytest.param(change, id=named(name, change.form)) for name, change in CHANGED]
)
def test_a_change_is_found(change):
    read = drawing(change(unbroken_svg(change.form, change.source)))
    assert has_fault(read, change.expected), faults(read)


@pytest.mark.parametrize(
    ("form", "old", "new"),
    [pytest.param(*rest, id=named(name, rest[0])) for name, *rest in DESCRIPTION_FAULTS],
)
def test_a_fault_in_a_description_is_found(form, old, new):
    svg = cases.svg(form, cases.DEFAULT, 720)
    old, new = escape(old), escape(new)
    assert old in svg.partition("<metadata")[0]
    assert descriptions.faults(drawing(svg.replace(old, new, 1)))
