"""The layout: where the rows, the gates and the panels of a step are."""

import math
from collections.abc import Iterator
from typing import NamedTuple

from ...layout import WIDE
from ...layout.margins import inner_width
from ...layout.motifs import weight_rows
from ...model.layer_run import LayerRun
from . import gate_columns, maps, panels
from .gate_columns import Columns
from .gates import GateWidths
from .table import Table

NARROWEST = 360
"""The narrowest form of a figure."""
NARROWEST_WIDE = 480
"""In forms narrower than this, parts are closer together."""
UNIT_GAP, BUS_WIDTH = 14.0, 14.0
"""The gap between panels, and the distance from a panel to the upward line of h."""
EDGE_GAP, NARROW_EDGE_GAP = 1.0, -6.0
"""The gap between the upward line of h and the right edge; negative means in the margin."""
MIN_UNIT_WIDTH, MAX_UNIT_WIDTH = 162.0, 240.0
"""The least and the largest width of a panel beside the rows."""
MIN_RIBBON, MAX_RIBBON = 34.0, 70.0
"""The least and the largest length of a ribbon beside the rows."""
BUS_GAP = 4.0
"""The gap between the rows and the line of h."""
PANEL_RIBBON, LETTER_WIDTH = 20.0, 16.0
"""The length of a ribbon in a panel, and the width of the letter there."""
PANEL_WIDTHS = GateWidths(45.0, 24.0, 40.0)
"""The widths of gate parts in a panel."""
MIN_TWO_UNITS_WIDTH = 660.0
"""Figures at least this wide have two panels side by side."""
H_LINE_GAP = 13.0
"""The distance from the line of h down to the panels beside the rows."""
MAX_UNITS_BESIDE_ROWS = 2
"""With more units than this, panels are below the rows."""
INDEX_GUTTER = 21.0
"""The part of the gutter left of a row index, which a panel does not have."""
BAND_GAP = 12.0
"""The gap between the rows of two gates beside the panels."""
MIN_ROW_HEIGHT, MAX_ROW_HEIGHT, MAX_MAP_ROW_HEIGHT = 28.0, 40.0, 44.0
"""The least and the largest height of a row, and the largest one beside heat maps."""
NAMES_HEIGHT, NAMES_GAP = 18.0, 6.0
"""The height of the names below the rows, and the gap below them beside panels."""
NAMES_GAP_ABOVE_PANELS, SECOND_LINE_HEIGHT = 44.0, 14.0
"""The space for names between the rows and the panels below them, and for their second
line."""
H_LINE_RISE = 9.0
"""The distance from panels below the rows up to the horizontal line of h."""
ARRIVAL_GAP = 2.0
"""The gap between h_prev and the arrow of h."""


class Plan(NamedTuple):
    """The layout of the figure.

    Attributes:
        table: The rows of the drawn units, with their step.
        gate_widths: The widths of a sum, its curve and its gate.
        ribbon: The length of a ribbon.
        width: The width of a panel.
        units_per_row: The number of panels side by side.
        top: The top edge of the first panel.
        left: The left edge of the first panel.
        space: The width of the drawing.
        bus_x: The x of the upward line of h at the right.
        is_side_by_side: Whether panels are right of the rows.
    """

    table: Table
    gate_widths: GateWidths
    ribbon: float
    width: float
    units_per_row: int
    top: float
    left: float
    space: float
    bus_x: float
    is_side_by_side: bool

    @property
    def subject(self) -> LayerRun:
        """The run, layer and direction to draw."""
        return self.table.subject

    @property
    def t(self) -> int:
        """The step, counted from 0."""
        return self.table.t

    @property
    def has_next_step(self) -> bool:
        """Whether a step follows."""
        return self.t + 1 < len(self.subject.steps)

    @property
    def layout(self) -> weight_rows.Rows:
        """The rows."""
        return self.table.layout

    @property
    def blocks(self) -> list[Columns]:
        """The columns of the rows; empty if rows are not drawn."""
        return self.table.blocks

    @property
    def units(self) -> tuple[int, ...]:
        """The drawn units."""
        return self.layout.units

    @property
    def inset(self) -> float:
        """The width of gates and ribbons in a panel, left of its words."""
        if self.is_side_by_side:
            return 0.0
        index_width = self.layout.left - INDEX_GUTTER if self.blocks else 0.0
        return panels.PADDING + LETTER_WIDTH + index_width + self.gate_widths.total + self.ribbon

    @property
    def bottom(self) -> float:
        """The bottom of the drawing."""
        panel_rows = math.ceil(len(self.units) / self.units_per_row)
        panels_bottom = self.top + panel_rows * (panels.HEIGHT + UNIT_GAP) - UNIT_GAP
        if not self.blocks:
            return panels_bottom
        names_bottom = self.layout.bottom + NAMES_HEIGHT + maps.height_below(self.blocks)
        return max(panels_bottom, names_bottom)

    def corners(self) -> Iterator[tuple[int, float, float]]:
        """Yield each unit, with the x and y of the top left corner of its panel."""
        for k, unit in enumerate(self.units):
            down, across = divmod(k, self.units_per_row)
            yield (
                unit,
                self.left + across * (self.width + BUS_WIDTH + UNIT_GAP / 2),
                self.top + down * (panels.HEIGHT + UNIT_GAP),
            )

    def h_arrival(self) -> float:
        """Return the x at which h arrives, right of h_prev."""
        k = next(k for k, block in enumerate(self.blocks) if block.vector == "h_prev")
        block = self.blocks[k]
        blocks_width = gate_columns.width(self.blocks[: k + 1]) - block.gap
        return self.table.left + blocks_width + ARRIVAL_GAP

    def h_path(self, x: float) -> list[tuple[float, float]]:
        """Return the corners of the way of h from the panel with its left edge at x."""
        if not self.blocks:
            return []
        own_bus_x, line_y = x + self.width + BUS_WIDTH, self.top - H_LINE_RISE
        # A panel further left turns above the panels to the line at the right edge.
        is_rightmost = own_bus_x > self.bus_x - UNIT_GAP
        turn = [] if is_rightmost else [(own_bus_x, line_y), (self.bus_x, line_y)]
        return [*turn, (self.bus_x, self.table.level), (self.h_arrival(), self.table.level)]


def plan_of(
    subject: LayerRun, t: int, units: tuple[int, ...], width: float, *, with_rows: bool
) -> Plan:
    """Return the layout of a step.

    Args:
        subject: The run, layer and direction to draw.
        t: The step, counted from 0.
        units: The drawn units.
        width: The width that the figure may use.
        with_rows: Whether to draw the rows of the units.
    """
    space = inner_width(width)
    layout = weight_rows.Rows(units, subject.weights.hidden_size, is_narrow=width < NARROWEST_WIDE)
    edge = space - (NARROW_EDGE_GAP if layout.is_narrow else EDGE_GAP)
    blocks = _blocks(subject, t, layout, edge) if with_rows else []
    right_of_rows = GateWidths().total + MIN_RIBBON + MIN_UNIT_WIDTH + BUS_WIDTH + EDGE_GAP
    table = Table(subject, t, layout, blocks)
    # How far down the rows begin depends on their blocks, so the table tells it.
    table = table._replace(layout=layout._replace(top=table.top))
    spare = space - _rows_right(table) - right_of_rows
    if with_rows and spare >= 0 and len(units) <= MAX_UNITS_BESIDE_ROWS:
        return _side_by_side(table, spare)
    return _stack_panels(table, space, edge)


def _rows_right(table: Table) -> float:
    """Return the right edge of the rows, with the curves to row indices if there are any."""
    index_width = maps.INDEX_WIDTH if table.is_map else 0.0
    return table.left + gate_columns.width(table.blocks) + index_width


def _side_by_side(table: Table, spare: float) -> Plan:
    """Lay out panels right of the rows, and distribute the spare width."""
    layout, blocks = table.layout, table.blocks
    extra_width = min(MAX_UNIT_WIDTH - MIN_UNIT_WIDTH, spare / 2)
    extra_ribbon = min(MAX_RIBBON - MIN_RIBBON, spare - extra_width)
    if not table.is_map:
        blocks = gate_columns.widened(blocks, spare - extra_width - extra_ribbon)
    count, top = len(layout.units), table.level + H_LINE_GAP
    units_height = top + count * (panels.HEIGHT + UNIT_GAP) - UNIT_GAP
    below = NAMES_HEIGHT + NAMES_GAP + maps.height_below(blocks)
    # Four gates have three gaps between them.
    row_height = (units_height - layout.top - 3 * BAND_GAP - below) / (4 * count)
    min_height, max_height = _heights(layout, blocks)
    layout = layout._replace(height=min(max_height, max(min_height, row_height)), gap=BAND_GAP)
    table = table._replace(layout=layout, blocks=blocks)
    left = _rows_right(table) + GateWidths().total + MIN_RIBBON + extra_ribbon
    edge = left + MIN_UNIT_WIDTH + extra_width + BUS_WIDTH
    return Plan(
        table=table,
        gate_widths=GateWidths(),
        ribbon=MIN_RIBBON + extra_ribbon,
        width=MIN_UNIT_WIDTH + extra_width,
        units_per_row=1,
        top=top,
        left=left,
        space=edge + EDGE_GAP,
        bus_x=edge,
        is_side_by_side=True,
    )


def _stack_panels(table: Table, space: float, edge: float) -> Plan:
    """Lay out panels below the rows, or without rows."""
    layout, blocks = table.layout, table.blocks
    units_per_row = min(len(layout.units), 2 if space >= MIN_TWO_UNITS_WIDTH else 1)
    width = (edge - units_per_row * BUS_WIDTH - (units_per_row - 1) * UNIT_GAP / 2) / units_per_row
    gate_widths = PANEL_WIDTHS
    top = 0.0
    if blocks:
        layout = layout._replace(height=_heights(layout, blocks)[0])
        table = table._replace(layout=layout)
        if blocks[0].is_printed:
            spare = edge - BUS_WIDTH - _rows_right(table)
            table = table._replace(blocks=gate_columns.widened(blocks, spare))
        second_line = 0.0 if table.names_fit else SECOND_LINE_HEIGHT
        top = layout.bottom + NAMES_GAP_ABOVE_PANELS + second_line
        if blocks[0].is_map:
            top += maps.SCALE_HEIGHT
    else:
        gate_widths = GateWidths(0, 0, PANEL_WIDTHS.gate)
    return Plan(
        table=table,
        gate_widths=gate_widths,
        ribbon=PANEL_RIBBON,
        width=width,
        units_per_row=units_per_row,
        top=top,
        left=0.0,
        space=space,
        bus_x=edge,
        is_side_by_side=False,
    )


def _heights(layout: weight_rows.Rows, blocks: list[Columns]) -> tuple[float, float]:
    """Return the least and the largest height of the row of a drawn unit."""
    if not any(block.is_map for block in blocks):
        return MIN_ROW_HEIGHT, MAX_ROW_HEIGHT
    # The rows of all units fit into the height of those that are drawn.
    map_height = maps.MIN_CELL_HEIGHT * layout.hidden_size + 2 * maps.CELL_GAP
    min_height = map_height / len(layout.units)
    return max(MIN_ROW_HEIGHT, min_height), max(MAX_MAP_ROW_HEIGHT, min_height)


def _blocks(subject: LayerRun, t: int, layout: weight_rows.Rows, edge: float) -> list[Columns]:
    """Return blocks with every weight, or else with products.

    Forms that are too narrow for numbers show weights by colour alone, and so
    do layers with units that are not drawn. All forms must show the same
    content, so the narrowest form decides.
    """
    weights = gate_columns.weights(subject, layout)
    wide_layout = layout._replace(is_narrow=False)
    wide_weights = gate_columns.weights(subject, wide_layout)
    full_width = wide_layout.left + gate_columns.width(wide_weights)
    is_all = len(layout.units) == layout.hidden_size
    available_width = edge - BUS_GAP
    if is_all and full_width <= inner_width(WIDE) - EDGE_GAP:
        if layout.left + gate_columns.width(weights) > available_width:
            return gate_columns.without_numbers(weights, available_width - layout.left)
        return weights
    narrow_weights = gate_columns.weights(subject, layout._replace(is_narrow=True))
    min_width = inner_width(NARROWEST) - NARROW_EDGE_GAP - BUS_GAP
    if (
        is_all
        or 4 * layout.hidden_size > maps.MAX_ROWS
        or not maps.fitted(narrow_weights, min_width)
    ):
        return gate_columns.products(subject, t, layout)
    width_beside_units = (
        available_width - GateWidths().total - MIN_RIBBON - MIN_UNIT_WIDTH - BUS_WIDTH
    )
    return maps.fitted(
        weights, width_beside_units if width_beside_units > min_width else available_width
    )
