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

MAX_CELLS, MAX_CELL_HEIGHT, MAX_CELLS_HEIGHT = 34, 22.0, 320
"""The most rows or columns with visible cells, and the greatest height of a cell and of
all cells."""
LIST_WIDTH, SHAPES_RIGHT, MAX_AREA_HEIGHT = 312.0, 232.0, 200.0
"""The width of a panel, the right edge of its shapes, and the greatest height of areas."""
LEFT, TOP, LINE_HEIGHT = 24.0, 22.0, 20.0
"""The left and top edges of the areas, and the height of a line in the list."""
CELL_GAP = 1.5
"""The gap between the cells of an area."""
OUTLINE_WIDTH = 0.5
"""How far cells stay inside the outline of their area."""
PAINT: Paint = "muted:25"
"""The colour of parameters."""
PAINT_OF_LACKING = {"bias_hh": "ink:70", "weight_hr": "ink:70"}
"""The colours of the parameters that Keras lacks, which have a swatch in the list."""
SWATCH_SIZE, NAME_GAP = 11.0, 6.0
"""The size of a swatch, and the least gap between two names or a name and a shape."""


class Tensor(NamedTuple):
    """A tensor whose elements are counted.

    Attributes:
        name: The name in the list, as in a checkpoint.
        symbol: The short name above its area.
        tensor: The name above its area, and the one that labels are bound to.
        expr: The expression of the tensor.
        term: The parameter of PyTorch that it comes from.
        shape: Its shape.
        numel: The number of elements.
        is_stored: Whether the library has the tensor; Keras lacks some.
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
    torch = _Panel(subject, "torch", _torch_tensors(subject))
    keras = _Panel(subject, "keras", _keras_tensors(subject))
    body = block_row_or_column(
        [
            titled_block(Sentence(f"nn.{subject.trace.kind}"), torch.block()),
            titled_block(Sentence(TARGETS["keras"].module), keras.block()),
        ],
        inner_width(width),
        gap=44,
    )
    return Diagram(
        heading=_head(subject, torch.total, keras.total),
        description=_description(torch, keras),
        width=body.width,
        height=body.height,
        marks=body.marks,
        figure_width=width,
        setup=_setup(subject),
    )


def _torch_tensors(subject: LayerRun) -> list[Tensor]:
    """The parameters of PyTorch with their areas."""
    return [
        Tensor(
            name=subject.parameter_name(name),
            symbol=TERMS[name].symbol,
            tensor=name,
            expr=str(subject.ref(name)),
            term=name,
            shape=array.shape,
            numel=array.size,
        )
        for name, array in subject.weights.parameters().items()
    ]


def _keras_tensors(subject: LayerRun) -> list[Tensor]:
    """The tensors of Keras, whose shapes are those of PyTorch transposed."""
    by_term = {tensor.term: tensor for tensor in _torch_tensors(subject)}
    names = dict(zip(("weight_ih", "weight_hh", "bias_ih"), TARGETS["keras"].names, strict=True))
    tensors = [
        by_term[term]._replace(
            name=name,
            symbol=name.partition("_")[0],
            tensor=name,
            expr=name,
            shape=by_term[term].shape[::-1],
        )
        for term, name in names.items()
        if term in by_term
    ]
    for term, remark in (("bias_hh", "no second bias"), ("weight_hr", "no projection")):
        if term in by_term:
            tensors.append(by_term[term]._replace(name=remark, is_stored=False))
    return tensors


class _Panel:
    """The tensors of a library as areas, above the list of their counts.

    Attributes:
        tensors: The tensors, with those that the library lacks.
        stored: The tensors that the library has.
        has_cells: Whether lines divide the areas into elements.
        cell_width, cell_height: The size of an element.
        height: The height of the areas.
        areas: The area of each tensor.
    """

    def __init__(self, subject: LayerRun, library: str, tensors: Sequence[Tensor]):
        self.subject, self.library, self.tensors = subject, library, tensors
        self.stored = [tensor for tensor in tensors if tensor.is_stored]
        # A cell is an element, and has the height of a row of the weights.
        rows = 4 * subject.weights.hidden_size
        columns = sum(tensor.numel for tensor in tensors) / rows
        # weight_hr has fewer rows, so its elements would not fit the cells.
        self.has_cells = max(rows, columns) <= MAX_CELLS and not subject.weights.proj_size
        self.cell_width = (LIST_WIDTH - LEFT) / columns
        self.cell_height = min(MAX_CELL_HEIGHT, MAX_CELLS_HEIGHT // rows)
        self.height = rows * self.cell_height if self.has_cells else MAX_AREA_HEIGHT
        self.areas: list[Box] = []
        x = LEFT
        for tensor in tensors:
            width = self.cell_width * tensor.numel / rows
            self.areas.append(self.area(tensor, x, width))
            x += width

    @property
    def total(self) -> Number:
        """The count of all tensors."""
        counts = [tensor.number for tensor in self.stored]
        return Number(
            np.sum([count.value for count in counts]), " + ".join(count.expr for count in counts)
        )

    @property
    def module_total(self) -> Number | None:
        """The count of the whole module, if it has more layers or directions; Keras has none."""
        stack = self.subject.trace.weights
        if self.library == "keras" or len(stack) == 1:
            return None
        total = sum(array.size for weights in stack for array in weights.parameters().values())
        parameters = f"{self.subject.variable}.parameters()"
        return Number(np.int64(total), f"torch.tensor(sum(p.numel() for p in {parameters}))")

    def block(self) -> Block:
        """The whole panel."""
        marks = self.gutter()
        for tensor, area in zip(self.tensors, self.areas, strict=True):
            marks.append(area)
            if self.has_cells and tensor.is_stored:
                marks += self.cells(area)
        marks += [*self.names(), *self.lines()]
        line_count = len(self.tensors) + (2 if self.module_total else 1)
        return Block(LIST_WIDTH, TOP + self.height + 24 + LINE_HEIGHT * line_count, tuple(marks))

    def gutter(self) -> list[Mark]:
        """The letter and the bar of each gate, which has a quarter of the rows."""
        areas = [area for area in self.areas if area.term != "weight_hr"]
        band_height = self.height / len(GATES)
        marks: list[Mark] = []
        for k, gate in enumerate(GATES):
            y, paint = TOP + k * band_height, TERMS[gate].role
            marks += [
                words.label(
                    5,
                    y + band_height / 2,
                    gate,
                    names={"gate": gate},
                    of=areas,
                    style=words.GATE,
                    fill=paint,
                    anchor="middle",
                    term=gate,
                ),
                Box(14, y + 1.5, 3, band_height - 3, radius=1.5, fill=paint, term=gate),
            ]
        return marks

    def area(self, tensor: Tensor, x: float, width: float) -> Box:
        """The rectangle of a tensor; its area is its number of elements."""
        scale = Scale(0, tensor.numel, x, x + width)
        area = Box(
            x,
            TOP,
            width,
            self.height,
            fill=PAINT_OF_LACKING.get(tensor.term, PAINT),
            term=tensor.term,
            stroke="muted",
            id=f"{self.library}-{tensor.term}-area",
            bound=(Length(f"{tensor.expr}.numel()", "width", scale),),
        )
        return area if tensor.is_stored else area._replace(fill=None, dash=styles.CELL.muted.dash)

    def cells(self, area: Box) -> list[Mark]:
        """The lines that divide an area into cells."""
        columns, rows = round(area.width / self.cell_width), round(area.height / self.cell_height)
        top, bottom = area.y + OUTLINE_WIDTH, area.y + area.height - OUTLINE_WIDTH
        left, right = area.x + OUTLINE_WIDTH, area.x + area.width - OUTLINE_WIDTH
        between_columns = [area.x + k * self.cell_width for k in range(1, columns)]
        between_rows = [area.y + k * self.cell_height for k in range(1, rows)]
        return [
            *(_line((x, top), (x, bottom)) for x in between_columns),
            *(_line((left, y), (right, y)) for y in between_rows),
        ]

    def names(self) -> list[Text]:
        """The names above the areas; symbols if not all names fit."""
        names = self.fitting_names([tensor.tensor for tensor in self.stored])
        if len(names) < len(self.stored):
            names = self.fitting_names([tensor.symbol for tensor in self.stored])
        return names

    def fitting_names(self, names: Sequence[str]) -> list[Text]:
        """The names of stored tensors, without those that would touch the one before."""
        labels: list[Text] = []
        min_left = LEFT - NAME_GAP
        for tensor, area, name in zip(self.stored, self.areas, names, strict=False):
            label = words.label(
                area.x + area.width / 2,
                12,
                name,
                names={"tensor": tensor.tensor},
                of=[area],
                style=words.FINE,
                anchor="middle",
                term=tensor.term,
            )
            right = label.left + label.width
            if label.left >= min_left and right <= LIST_WIDTH + 2:
                labels.append(label)
                min_left = right + NAME_GAP
        return labels

    def lines(self) -> list[Mark]:
        """Name, shape and count of each tensor, and the totals."""
        y = TOP + self.height + 26
        marks: list[Mark] = []
        for tensor, area in zip(self.tensors, self.areas, strict=True):
            swatch = Box(
                0,
                y - SWATCH_SIZE / 2,
                SWATCH_SIZE,
                SWATCH_SIZE,
                radius=1.5,
                fill=PAINT_OF_LACKING.get(tensor.term),
                stroke="muted",
                bound=(Sample((area.id,)),),
            )
            if tensor.is_stored:
                if tensor.term in PAINT_OF_LACKING:
                    marks.append(swatch)
                marks += self.counted(tensor, y)
            else:
                text, _ = words.paragraph(
                    LEFT, y - words.LINE_HEIGHT / 2, sentence(tensor.name), SHAPES_RIGHT
                )
                marks += [swatch._replace(fill=None, dash=styles.CELL.muted.dash), text]
            y += LINE_HEIGHT
        marks.append(Path((("M", (0, y - 8)), ("L", (LIST_WIDTH, y - 8))), stroke="rule"))
        y += 7
        marks += self.total_line(y, self.total, "all", id_ending="all", style=words.STRONG)
        if self.module_total:
            marks += self.total_line(
                y + LINE_HEIGHT,
                self.module_total,
                "all layers",
                id_ending="every",
                style=words.PLAIN,
            )
        return marks

    def counted(self, tensor: Tensor, y: float) -> list[Mark]:
        """Name, shape and count of a tensor, without the shape if it does not fit."""
        id = f"{self.library}-{tensor.term}"
        count = _count(y, tensor.number, id, tensor.term)
        # An invisible path carries the proof of the shape, because the shape belongs
        # to the tensor and not to the count beside it.
        shape_anchor = Path(
            (("M", (SHAPES_RIGHT, y)), ("L", (SHAPES_RIGHT, y))),
            id=f"{id}-shape",
            bound=(Node(tensor.expr),),
        )
        shape = words.label(
            SHAPES_RIGHT,
            y,
            str(tensor.shape),
            names={"shape": ",".join(map(str, tensor.shape))},
            of=[shape_anchor],
            style=words.FINE_CODE,
            anchor="end",
        )
        # Without the suffix for its layer, a name of PyTorch is its term.
        short_name = tensor.term if tensor.tensor == tensor.term else tensor.name
        for name in (tensor.name, short_name):
            label = words.label(
                LEFT,
                y,
                name,
                names={"tensor": tensor.tensor},
                of=[count],
                style=words.CODE,
                fill="ink",
            )
            if label.left + label.width < shape.left - NAME_GAP:
                return [label, shape, shape_anchor, count]
        return [label, count]

    def total_line(
        self, y: float, total: Number, name: str, *, id_ending: str, style: words.Style
    ) -> list[Mark]:
        """A total with its name."""
        terms = " ".join(tensor.term for tensor in self.tensors)
        count = _count(y, total, f"{self.library}-{id_ending}", terms, bold=style.bold)
        says = Says(((name, repr(name)),))
        return [
            words.label(LEFT, y, name, names={}, of=[count], says=says, style=style, fill="ink"),
            count,
        ]


def _line(start: tuple[float, float], stop: tuple[float, float]) -> Path:
    """A line between the cells of an area."""
    return Path((("M", start), ("L", stop)), stroke="paper", stroke_width=CELL_GAP)


def _count(y: float, value: Number, id: str, term: str, *, bold: bool = False) -> Text:
    """A count at the right edge of the list."""
    return words.number(
        LIST_WIDTH, y, value, decimals=0, max_chars=12, anchor="end", bold=bold, id=id, term=term
    )


def _setup(subject: LayerRun) -> str:
    """The Python code that makes the tensors of Keras."""
    refs = {name: subject.ref(name) for name in subject.weights.parameters()}
    lines = [
        "# As Keras has them: turned, and the two biases added.",
        f"kernel, recurrent_kernel = {refs['weight_ih']}.T, {refs['weight_hh']}.T",
    ]
    if "bias_ih" in refs:
        lines.append(f"bias = {refs['bias_ih'] + refs['bias_hh']}")
    return "\n".join(lines)


def _head(subject: LayerRun, torch_total: Number, keras_total: Number) -> Head:
    weights = subject.weights
    row_count = (4 * weights.hidden_size, f"{subject.ref('weight_ih')}.shape[0]")
    rows_per_unit = (4, f"{row_count[1]} // {subject.variable}.hidden_size")
    notes = []
    if weights.bias_ih is None:
        notes.append(sentence("The module has no bias.", claim=f"not {subject.variable}.bias"))
    else:
        notes.append(sentence("Keras keeps one bias; the two of PyTorch act as their sum."))
    if weights.proj_size:
        notes.append(
            sentence("Keras has no projection.", claim=f"{subject.variable}.proj_size > 0")
        )
    return Head(
        sentence(
            "{} parameters, {} in Keras",
            *((total.value, f"int({total.expr})") for total in (torch_total, keras_total)),
        ),
        sentence(
            "A column is {} numbers, {} for each unit; in the matrices of Keras it is a row.",
            row_count,
            rows_per_unit,
        ),
        provenance(subject),
        tuple(notes),
        origin(subject),
    )


def _description(torch: _Panel, keras: _Panel) -> str:
    sentences = []
    for name, panel in (("PyTorch", torch), ("Keras", keras)):
        counts = "; ".join(
            f"{tensor.tensor} has {number_list([tensor.number])}" for tensor in panel.stored
        )
        sentences.append(f"{name}: {counts}; all of {name} is {number_list([panel.total])}.")
    if torch.module_total:
        sentences.append(f"All layers and directions: {number_list([torch.module_total])}.")
    return " ".join(sentences)
