"""The remaining tensors of both libraries, with the number in the same row."""

from ...layout import words
from ...layout.blocks import Block
from ...layout.motifs import gauges
from ...proof.bindings import Node
from ...scene.marks import Box, Mark, Path, Text
from ...scene.terms import TERMS
from .band_ribbons import RIGHT_WIDTH, ROWS_WIDTH
from .sides import BIASES, TRACED_GATE, Element, Side

ROW_PITCH, LINE_PITCH = 44.0, 19.0
"""The distances between two elements, and from a name to its number."""
NUMBER_WIDTH = 54.0
"""The width of a number."""


def others(
    torch_side: Side, library_side: Side, space: float, is_narrow: bool, turned: bool
) -> Block:
    """Draw the other tensors of PyTorch, and their counterparts.

    Both columns are aligned with the bands above, if they fit.
    """
    if is_narrow:
        column_width = 146.0
    else:
        column_width = ROWS_WIDTH if turned else 236.0
    point = words.Decimals.of(
        (element.number for side in (torch_side, library_side) for element in side.others),
        max_chars=6,
    )
    right = ROWS_WIDTH + RIGHT_WIDTH if turned and not is_narrow else space - column_width
    marks: list[Mark] = []
    ends = {element.made_of: element for element in library_side.others}
    for k, element in enumerate(torch_side.others):
        y = k * ROW_PITCH
        level = y + LINE_PITCH + 9
        torch_number = _number(element, column_width - NUMBER_WIDTH / 2, level, point)
        marks += [torch_number, *_tensor_and_index(element, 0, y, column_width, at_right=True)]
        library_element = ends.get(element.made_of)
        if library_element:
            library_number = _number(library_element, right + NUMBER_WIDTH / 2, level, point)
            marks += [
                library_number,
                *_tensor_and_index(library_element, right, y, space - right, at_right=False),
            ]
            # The width of a printed number varies, so the ribbon ends at a fixed cell.
            cell = Box(right, level - 9, NUMBER_WIDTH, 18, id=f"{library_element.id}-cell")
            marks.append(cell._replace(bound=(Node(library_element.number.expr),)))
            ends_at = (torch_number.left + torch_number.width + 6, level), (right - 6, level)
            marks += gauges.ribbon(*ends_at, TERMS[TRACED_GATE].role, element.id, cell.id)
    if BIASES in ends:
        y = (len(torch_side.others) - 1) * ROW_PITCH
        level = y + LINE_PITCH + 9
        marks += [
            words.operator(column_width - NUMBER_WIDTH - 8, level, "+", fill="ink"),
            words.operator((column_width + right) / 2, level, "=", fill="ink"),
            _number(ends[BIASES], right + NUMBER_WIDTH / 2, level, point),
            *_tensor_and_index(ends[BIASES], right, y, space - right, at_right=False),
        ]
    return Block(space, len(torch_side.others) * ROW_PITCH - 8, tuple(marks))


def _number(element: Element, x: float, y: float, point: words.Decimals) -> Text:
    return point.number(x, y, element.number, max_chars=6, id=element.id, term=element.term)


def _tensor_and_index(
    element: Element, x: float, y: float, width: float, *, at_right: bool
) -> list[Mark]:
    """Draw name and shape of a tensor, and the index of the number below.

    Args:
        element: The element.
        x: The left edge.
        y: The top edge.
        width: The available width.
        at_right: Whether the number is right of its index.
    """
    tensor = element.tensor
    fits = words.width(tensor.name) <= width
    name = words.label(
        x,
        y + 9,
        tensor.name if fits else tensor.short,
        {"tensor": tensor.short},
        [element.id],
        "block",
        fill="ink",
    )
    shape_id, shape_left = f"{element.id}-shape", x + name.width + 10
    shape = words.label(
        shape_left,
        y + 9,
        str(tensor.shape),
        {"shape": ",".join(map(str, tensor.shape))},
        [shape_id],
        "row",
        style=words.FINE,
    )
    marks: list[Mark] = [
        name,
        words.label(
            x if at_right else x + NUMBER_WIDTH + 12,
            y + LINE_PITCH + 9,
            element.index_text,
            element.names,
            [element.id],
            "row",
            style=words.FINE,
        ),
    ]
    if shape.left + shape.width <= x + width:
        # An invisible path carries the proof of the shape, because the shape belongs
        # to the tensor and not to the element below.
        at = (shape_left, y + 9)
        shape_anchor = Path((("M", at), ("L", at)), id=shape_id, bound=(Node(tensor.of),))
        marks += [shape, shape_anchor]
    return marks
