"""`weight_hr` below the bands, with a row for each element of h."""

from ...layout import words
from ...layout.motifs import heat, matrix, weight_rows
from ...layout.number_lists import number_list
from ...model.layer_run import LayerRun
from ...model.tensors import Array
from ...proof.bindings import Node, Shade
from ...proof.digits import text
from ...scene.marks import Box, Group, Mark

LEFT, ROW_HEIGHT = 46.0, 26.0
"""The width left of the cells, and the height of a cell."""


def block(subject: LayerRun, space: float, y: float) -> tuple[list[Mark], float, list[str]]:
    """Draw `weight_hr` as numbers or as a heat map; return marks, bottom and alternative text."""
    array = subject.weights.parameters()["weight_hr"]
    ref = subject.ref("weight_hr")
    tensor = matrix.Tensor(
        "weight_hr", subject.parameter_name("weight_hr"), "W_{hr}", array, ref, {}, "shown"
    )
    numbers = [subject.row("weight_hr", k) for k in range(min(len(array), 8))]
    point = words.Decimals.of((n for line in numbers for n in line[:40]), 5)
    min_width = point.width(words.SMALL) + 6
    if len(array) > 8 or array.shape[1] * min_width > space - LEFT:
        return _map(tensor, space, y)
    cell_width = min(72.0, (space - LEFT) / array.shape[1])
    top = y + matrix.HEAD_HEIGHT - 14
    end = matrix.largest_magnitude([tensor])
    marks: list[Mark] = []
    names = [_name(k, top + (k + 0.5) * ROW_HEIGHT) for k in range(len(numbers))]
    for k, line in enumerate(numbers):
        middle = top + (k + 0.5) * ROW_HEIGHT
        for column, number in enumerate(line):
            x = LEFT + column * cell_width
            id = f"weight_hr-{k}-{column}"
            marks += [
                Box(
                    x,
                    middle - ROW_HEIGHT / 2 + 1,
                    cell_width - 2,
                    ROW_HEIGHT - 2,
                    radius=3,
                    fill=weight_rows.shade(float(number.value), end),
                    id=f"{id}-cell",
                    term="weight_hr",
                    bound=(Shade(number.expr, end),),
                ),
                point.number(
                    x + cell_width / 2 - 1,
                    middle,
                    number,
                    size=words.SMALL,
                    max_chars=5,
                    id=id,
                    term="weight_hr",
                ),
            ]
    width = array.shape[1] * cell_width
    group = Group(tuple(marks), id="weight_hr", bound=(Node(ref),))
    head = matrix.tensor_head(tensor, tensor.name, LEFT + (width - 2) / 2, y)
    sentences = [f"weight_hr, row {k}: {number_list(line)}" for k, line in enumerate(numbers)]
    return [*names, group, *head], top + len(array) * ROW_HEIGHT, sentences


def has_signs(subject: LayerRun) -> bool:
    """Return whether `weight_hr` exists and has signed colours, one cell per element."""
    array = subject.weights.parameters().get("weight_hr")
    return array is not None and all(cut.block == 1 for cut in _cuts(array))


def _cuts(array: Array) -> tuple[heat.Cut, heat.Cut]:
    """Return how many rows, and how many columns, share a cell of the map."""
    rows, columns = array.shape
    return (
        heat.axis_in_cells(rows, matrix.MAX_ROWS),
        heat.axis_in_cells(columns, matrix.MAX_COLUMNS),
    )


def _name(k: int, y: float) -> Mark:
    return words.label(
        LEFT - 6,
        y,
        f"h[{k}]",
        {"unit": k},
        [f"weight_hr-{k}-*"],
        "row",
        style=words.FINE_CODE,
        anchor="end",
    )


def _map(tensor: matrix.Tensor, space: float, y: float) -> tuple[list[Mark], float, list[str]]:
    cut, columns = _cuts(tensor.array)
    cells = heat.cells(tensor.matrix, ["ink"], cut, columns)
    cell_width = max(3, min(24, int((space - LEFT) / columns.cells)))
    cell_height = max(6, min(24, 96 // cut.cells))
    top, width = y + matrix.HEIGHT_ABOVE_MAP, columns.cells * cell_width
    group = heat.heat_map(
        cells, 0, LEFT, top, cell_width, cell_height, id="weight_hr-all", term="weight_hr"
    )
    bottom = top + cut.cells * cell_height
    length = max(width, matrix.MIN_MAP_WIDTH)
    bar = heat.colour_bar(
        cells,
        LEFT,
        bottom + 10,
        length,
        id="scale-weight_hr",
        term="weight_hr",
        symbol="W_{hr}",
        of=["weight_hr-all"],
    )
    sentences = (
        [f"The colours of weight_hr end at {text(cells.scale_end.value)}"]
        if cells.scale_end
        else []
    )
    tensor_group = Group((group,), id="weight_hr", bound=(Node(tensor.of),))
    head = matrix.tensor_head(tensor, tensor.name, LEFT + width / 2, y)
    return [tensor_group, *head, *bar], bottom + 34, sentences
