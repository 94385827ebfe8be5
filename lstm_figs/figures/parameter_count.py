"""The figure `parameter-count`: the parameters of a layer by area, in PyTorch and Keras."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ..layout import styles, words
from ..layout.blocks import Block, block_row_or_column, titled_block
from ..layout.margins import inner_width
from ..layout.number_lists import number_list
from ..layout.provenance import origin, provenance
from ..model.layer_run import LayerRun
from ..model.lstm import GATES
from ..model.reference import Number
from ..porting import TARGETS
from ..proof.bindings import Length, Node, Sample, Says, Scale, Sentence, sentence
from ..scene.marks import Box, Mark, Path, Text
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import Paint

MAX_CELLS, MAX_CELL_HEIGHT = 34, 22.0
"""The most rows or columns with visible cells, and the greatest height of a cell."""
LIST_WIDTH, SHAPES_RIGHT, MAX_AREA_HEIGHT = 312.0, 232.0, 200.0
"""The width of a panel, the right edge of its shapes, and the greatest height of areas."""
LEFT, TOP, LINE_HEIGHT = 24.0, 22.0, 20.0
"""The left and top edges of the areas, and the height of a line in the list."""
CELL_GAP = 1.5
"""The gap between the cells of an area."""
OUTLINE_WIDTH = 0.5
"""How far cells stay inside the outline of their area."""
PAINTS: dict[str, Paint] = {
    "weight_ih": "muted:20",
    "weight_hh": "muted:45",
    "bias_ih": "ink:70",
    "bias_hh": "ink",
    "weight_hr": "muted:90",
}


class Tensor(NamedTuple):
    """A tensor whose elements are counted.

    Attributes:
        name: The name in the list.
        symbol: The short name above its area.
        tensor: The name in labels.
        expr: The expression of the tensor.
        term: The parameter that it comes from.
        shape: Its shape.
        numel: The number of elements.
        is_stored: Whether the tensor exists; Keras lacks some.
    """

    name: str
    symbol: str
    tensor: str
    expr: str
    term: str
    shape: tuple[int, ...]
    numel: int
    is_stored: bool = True

    @property
    def number(self) -> Number:
        """The number of elements, with its expression."""
        expr = f"torch.tensor({self.expr}.numel())"
        return Number(np.int64(self.numel), expr)


def parameter_count(subject: LayerRun, width: float) -> Diagram:
    """How many parameters there are, by area, and how many Keras counts."""
    torch_tensors, keras_tensors = _torch_tensors(subject), _keras_tensors(subject)
    body = block_row_or_column(
        [
            titled_block(
                Sentence(f"nn.{subject.trace.kind}"), _panel(subject, torch_tensors, "torch")
            ),
            titled_block(
                Sentence(TARGETS["keras"].module), _panel(subject, keras_tensors, "keras")
            ),
        ],
        inner_width(width),
        gap=44,
    )
    description = " ".join(
        f"{name}: "
        + "; ".join(
            f"{tensor.tensor} has {number_list([tensor.number])}"
            for tensor in tensors
            if tensor.is_stored
        )
        + f"; all of {name} is {number_list([_total(tensors)])}."
        for name, tensors in (("PyTorch", torch_tensors), ("Keras", keras_tensors))
    )
    module_total = _module_total(subject)
    more = f" All layers and directions: {number_list([module_total])}." if module_total else ""
    return Diagram(
        _head(subject, torch_tensors, keras_tensors),
        f"{description}{more}",
        body.width,
        body.height,
        body.marks,
        width,
        _setup(subject),
    )


def _setup(subject: LayerRun) -> str:
    """Return the Python code that makes the tensors of Keras."""
    at = {name: subject.ref(name) for name in subject.weights.parameters()}
    lines = [
        "# As Keras has them: turned, and the two biases added.",
        f"kernel, recurrent_kernel = {at['weight_ih']}.T, {at['weight_hh']}.T",
    ]
    if "bias_ih" in at:
        lines.append(f"bias = {at['bias_ih'] + at['bias_hh']}")
    return "\n".join(lines)


def _head(
    subject: LayerRun, torch_tensors: Sequence[Tensor], keras_tensors: Sequence[Tensor]
) -> Head:
    sizes = subject.weights
    rows = 4 * sizes.hidden_size
    count = (rows, f"{subject.ref('weight_ih')}.shape[0]")
    notes = [sentence("Area is the number of parameters.")]
    if sizes.bias_ih is None:
        notes.append(sentence("The module has no bias.", claim=f"not {subject.variable}.bias"))
    else:
        notes.append(sentence("Keras keeps one bias; the two of PyTorch act as their sum."))
    if sizes.proj_size:
        notes.append(
            sentence("Keras has no projection.", claim=f"{subject.variable}.proj_size > 0")
        )
    totals = [_total(tensors) for tensors in (torch_tensors, keras_tensors)]
    return Head(
        sentence("{} parameters, {} in Keras", *((n.value, f"int({n.expr})") for n in totals)),
        sentence(
            "A column is {} numbers, {} for each unit; in the matrices of Keras it is a row.",
            count,
            (4, f"{count[1]} // {subject.variable}.hidden_size"),
        ),
        provenance(subject),
        tuple(notes),
        origin(subject),
    )


def _torch_tensors(subject: LayerRun) -> list[Tensor]:
    return [
        Tensor(
            subject.parameter_name(name),
            TERMS[name].symbol,
            name,
            str(subject.ref(name)),
            name,
            array.shape,
            array.size,
        )
        for name, array in subject.weights.parameters().items()
    ]


def _keras_tensors(subject: LayerRun) -> list[Tensor]:
    """Return the tensors of Keras, whose shapes are those of PyTorch transposed."""
    tensors = []
    by_term = {tensor.term: tensor for tensor in _torch_tensors(subject)}
    for name, tensor in zip(TARGETS["keras"].names, _torch_tensors(subject), strict=False):
        tensors.append(
            tensor._replace(
                name=name,
                symbol=name.partition("_")[0],
                tensor=name,
                expr=name,
                shape=tensor.shape[::-1],
            )
        )
    if subject.weights.bias_ih is None:
        tensors = tensors[:2]
    else:
        tensors.append(by_term["bias_hh"]._replace(name="no second bias", is_stored=False))
    if subject.weights.proj_size:
        tensors.append(by_term["weight_hr"]._replace(name="no projection", is_stored=False))
    return tensors


def _total(tensors: Sequence[Tensor]) -> Number:
    counts = [tensor.number for tensor in tensors if tensor.is_stored]
    return Number(
        np.sum([count.value for count in counts]), " + ".join(count.expr for count in counts)
    )


def _module_total(subject: LayerRun) -> Number | None:
    """Return the count of the whole module, if it has more layers or directions."""
    stack = subject.trace.weights
    if len(stack) == 1:
        return None
    total = sum(a.size for weights in stack for a in weights.parameters().values())
    parameters = f"{subject.variable}.parameters()"
    return Number(np.int64(total), f"torch.tensor(sum(p.numel() for p in {parameters}))")


def _panel(subject: LayerRun, tensors: Sequence[Tensor], id: str) -> Block:
    """Draw the tensors as areas, and the list of their counts."""
    rows = 4 * subject.weights.hidden_size
    columns = sum(tensor.numel for tensor in tensors) / rows
    unit, cell_height = (LIST_WIDTH - LEFT) / columns, min(MAX_CELL_HEIGHT, 320 // rows)
    has_cells = max(rows, columns) <= MAX_CELLS and not subject.weights.proj_size
    height = rows * cell_height if has_cells else MAX_AREA_HEIGHT
    marks = _gutter(tensors, height, id)
    x = LEFT
    for tensor in tensors:
        width = unit * tensor.numel / rows
        marks += _area(tensor, x, width, height, id)
        if has_cells and tensor.is_stored:
            marks += _cells(x, width, height, unit, cell_height)
        x += width
    marks += _names(tensors, unit / rows, id)
    marks += _list(subject, tensors, TOP + height + 26, id)
    lines = len(tensors) + 1 + (id == "torch" and _module_total(subject) is not None)
    return Block(LIST_WIDTH, TOP + height + 24 + LINE_HEIGHT * lines, tuple(marks))


def _gutter(tensors: Sequence[Tensor], height: float, id: str) -> list[Mark]:
    """Draw the letter and the bar of each gate, which has a quarter of the rows."""
    area_ids = [f"{id}-{tensor.term}-area" for tensor in tensors if tensor.term != "weight_hr"]
    band_height = height / len(GATES)
    marks: list[Mark] = []
    for k, gate in enumerate(GATES):
        y, paint = TOP + k * band_height, TERMS[gate].role
        marks += [
            words.label(
                5,
                y + band_height / 2,
                gate,
                {"gate": gate},
                area_ids,
                "band",
                style=words.GATE,
                fill=paint,
                anchor="middle",
                term=gate,
            ),
            Box(14, y + 1.5, 3, band_height - 3, radius=1.5, fill=paint, term=gate),
        ]
    return marks


def _area(tensor: Tensor, x: float, width: float, height: float, id: str) -> list[Mark]:
    """Draw the area of a tensor."""
    scale = Scale(0, tensor.numel, x, x + width)
    bound = Length(f"{tensor.expr}.numel()", "width", scale)
    area = Box(
        x,
        TOP,
        width,
        height,
        fill=PAINTS[tensor.term],
        term=tensor.term,
        stroke="muted",
        id=f"{id}-{tensor.term}-area",
        bound=(bound,),
    )
    return [area if tensor.is_stored else area._replace(fill=None, dash=styles.CELL.back.dash)]


def _cells(
    x: float, width: float, height: float, cell_width: float, cell_height: float
) -> list[Mark]:
    """Draw the lines that divide an area into cells."""
    across = [x + k * cell_width for k in range(1, round(width / cell_width))]
    down = [TOP + k * cell_height for k in range(1, round(height / cell_height))]
    top, bottom = TOP + OUTLINE_WIDTH, TOP + height - OUTLINE_WIDTH
    left, right = x + OUTLINE_WIDTH, x + width - OUTLINE_WIDTH
    return [
        *(_line((at, top), (at, bottom)) for at in across),
        *(_line((left, at), (right, at)) for at in down),
    ]


def _names(tensors: Sequence[Tensor], unit: float, id: str) -> list[Mark]:
    """Draw the names above the areas; use symbols if not all names fit.

    Args:
        tensors: The tensors, from the left.
        unit: The width of one element.
        id: The id prefix of the areas.
    """
    marks: list[Mark] = []
    stored = [tensor for tensor in tensors if tensor.is_stored]
    for short in (False, True):
        marks, x, right = [], LEFT, LEFT - 6
        for tensor in stored:
            width = unit * tensor.numel
            label = words.label(
                x + width / 2,
                12,
                tensor.symbol if short else tensor.tensor,
                {"tensor": tensor.tensor},
                [f"{id}-{tensor.term}-area"],
                "column",
                style=words.FINE,
                anchor="middle",
                term=tensor.term,
            )
            end = label.left + label.width
            if label.left >= right and end <= LIST_WIDTH + 2:
                marks.append(label)
                right = end + 6
            x += width
        if len(marks) == len(stored):
            break
    return marks


def _line(start: tuple[float, float], stop: tuple[float, float]) -> Path:
    """Draw a line between the cells of an area."""
    return Path((("M", start), ("L", stop)), stroke="paper", stroke_width=CELL_GAP)


def _list(subject: LayerRun, tensors: Sequence[Tensor], y: float, id: str) -> list[Mark]:
    """List name, shape and count of each tensor, and the totals."""
    marks: list[Mark] = []
    for tensor in tensors:
        key = f"{id}-{tensor.term}"
        swatch = Box(
            0,
            y - 5.5,
            11,
            11,
            radius=1.5,
            fill=PAINTS[tensor.term],
            stroke="muted",
            bound=(Sample((f"{key}-area",)),),
        )
        if tensor.is_stored:
            marks += [swatch, *_counted(tensor, y, key)]
        else:
            text, _ = words.paragraph(LEFT, y - words.LINE / 2, sentence(tensor.name), SHAPES_RIGHT)
            bare = swatch._replace(fill=None, dash=styles.CELL.back.dash)
            marks += [bare, text]
        y += LINE_HEIGHT
    rule = Path((("M", (0, y - 8)), ("L", (LIST_WIDTH, y - 8))), stroke="rule")
    marks.append(rule)
    module_total = _module_total(subject) if id == "torch" else None
    terms = " ".join(tensor.term for tensor in tensors)
    for number, name, scope in (
        (_total(tensors), "all", "all"),
        (module_total, "all layers", "every"),
    ):
        if number is not None:
            marks += [
                words.label(
                    LEFT,
                    y + 7,
                    name,
                    {},
                    [f"{id}-{scope}"],
                    "row",
                    says=Says(((name, repr(name)),)),
                    style=words.STRONG if scope == "all" else words.PLAIN,
                    fill="ink",
                ),
                _count(y + 7, number, f"{id}-{scope}", terms, scope == "all"),
            ]
            y += LINE_HEIGHT
    return marks


def _counted(tensor: Tensor, y: float, key: str) -> list[Mark]:
    """Draw name, shape and count of a tensor; omit the shape if it does not fit."""
    shape = words.label(
        SHAPES_RIGHT,
        y,
        str(tensor.shape),
        {"shape": ",".join(map(str, tensor.shape))},
        [f"{key}-shape"],
        "row",
        style=words.FINE_CODE,
        anchor="end",
    )
    # An invisible path carries the proof of the shape, because the shape belongs
    # to the tensor and not to the count beside it.
    shape_anchor = Path(
        (("M", (SHAPES_RIGHT, y)), ("L", (SHAPES_RIGHT, y))),
        id=f"{key}-shape",
        bound=(Node(tensor.expr),),
    )
    short = tensor.term if tensor.tensor == tensor.term else tensor.name
    labels = [
        words.label(
            LEFT, y, name, {"tensor": tensor.tensor}, [key], "row", style=words.CODE, fill="ink"
        )
        for name in (tensor.name, short)
    ]
    name = next((w for w in labels if w.left + w.width < shape.left - 6), None)
    visible: list[Mark] = [name, shape, shape_anchor] if name else [labels[-1]]
    return [*visible, _count(y, tensor.number, key, tensor.term)]


def _count(y: float, value: Number, id: str, term: str, bold: bool = False) -> Text:
    return words.number(
        LIST_WIDTH, y, value, places=0, max_chars=12, anchor="end", bold=bold, id=id, term=term
    )
