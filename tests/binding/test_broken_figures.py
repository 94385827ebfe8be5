"""Tests that the checks find each deliberate fault in the SVG of a figure."""

import re
from functools import cache

import pytest

from lstm_figs.command.request import parse_header
from tests.binding import parts, specs
from tests.binding.cases import DEFAULT
from tests.binding.checking import faults, has_fault
from tests.binding.drawing import drawing
from tests.proof import svg_of

FAULTS = specs.deliberate_faults()
COMMANDS = sorted({fault.command for fault in FAULTS if specs.is_recorded(fault.figure)})


def join_words(*words):
    return "-".join(word.replace(" ", "_") for word in words)


@cache
def svg(command):
    return svg_of(parse_header(command).draw())


def faults_of_parts(parsed, command):
    """Differences of a drawing from the recorded parts of its figure."""
    request = parse_header(command)
    version = " ".join([request.name, *(f"{key}={value}" for key, value in request.options)])
    # Parts are recorded only for the default source of a figure.
    is_recorded = request.source == parse_header(request.name).source
    section = parts.section_of(version, DEFAULT) if is_recorded else None
    return parts.faults(parsed, request.width, section) if section else []


def test_each_fault_is_in_a_drawing_and_has_a_pattern():
    assert [fault for fault in FAULTS if fault.path or not fault.expected] == []


def test_no_fault_is_recorded_twice():
    keys = [(fault.name, fault.expected, fault.command) for fault in FAULTS]
    assert [key for key in keys if keys.count(key) > 1] == []


@pytest.mark.parametrize("command", COMMANDS, ids=join_words)
def test_a_figure_without_a_fault_passes(command):
    assert faults(drawing(svg(command))) == []


@pytest.mark.parametrize(
    "fault", [pytest.param(fault, id=join_words(fault.name, fault.command)) for fault in FAULTS]
)
def test_a_fault_is_found(fault):
    parsed = drawing(fault.edited(svg(fault.command)))
    assert has_fault(parsed, fault.expected) or any(
        re.search(fault.expected, problem) for problem in faults_of_parts(parsed, fault.command)
    ), faults(parsed)
