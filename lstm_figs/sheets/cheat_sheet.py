"""The sheet `cheat-sheet`: every name, shape and number of nn.LSTM, as asked of PyTorch."""

from typing import NamedTuple

from ..errors import BeyondLimit
from ..figures.keep_write_show import keep_write_show
from ..layout import styles, words
from ..layout.provenance import origin, provenance
from ..model.arguments import ModuleArguments
from ..model.layer_run import LayerRun
from ..model.sizes import Axes, Sizes
from ..proof.bindings import Sentence, sentence
from ..scene.marks import Group, Mark, Path, Text, shift
from ..scene.scenes import Diagram, Head
from ..scene.terms import TERMS
from ..scene.theme import Paint
from .paper import paper, placed
from .weight_table import weight_table

WIDTH, SIDE_MARGIN = 720.0, 28.0
"""The width of the paper and of its side margins, in units."""
LEFT_WIDTH, RIGHT_WIDTH = 328.0, 312.0
"""The widths of the two columns."""
RIGHT_COLUMN_X = WIDTH - SIDE_MARGIN - RIGHT_WIDTH
"""The left edge of the second column."""
TITLE_SIZE, HEADING_SIZE = 32.0, 15.0
"""The font sizes of the title and of headings."""
CODE_LINE_HEIGHT, GAP = 19.0, 13.0
"""The height of a line of code, and the gap between parts."""
NAME_WIDTH, SHAPE_WIDTH = 52.0, 88.0
"""The widths of the name of an input or output, and of its shape."""
PARAMETER_WIDTH, PARAMETER_NAME_WIDTH = 166.0, 94.0
"""The widths of a parameter with its shape, and of its name alone."""
CLASSIFIER_CODE_WIDTH, MISTAKE_WIDTH = 200.0, 262.0
"""The widths of the code for the input of a classifier, and of a mistake."""
PANEL_WIDTH = 360.0
"""The width that the step's panel is composed for."""
WEIGHT_ROW_HEIGHT = 20.0
"""The height of a row of weights."""

ALL_DIFFERENT = ModuleArguments(3, 6, num_layers=4, bidirectional=True)
"""A module whose sizes all differ, so that no number can be mistaken for another."""
PROJECTED = ModuleArguments(3, 6, num_layers=4, bidirectional=True, proj_size=2)
"""The same with a projection."""
STEPS, SEQUENCES = 7, 5
"""Distinct sizes, so that a length identifies its axis."""

LETTER_BY_LENGTH = {
    "seq_len": "T",
    "batch": "N",
    "input_size": "I",
    "hidden_size": "H",
    "2 * hidden_size": "D·H",
    "2 * num_layers": "D·L",
    "4 * hidden_size": "4H",
    "proj_size": "P",
    "2 * proj_size": "D·P",
}
"""The length of an axis -> its letters on the sheet."""

# In this code `alone` is a module with one layer in one direction.
SETUP = f"""\
# Sizes that all differ, so that a length tells what it counts.
T, N = {STEPS}, {SEQUENCES}
I, H = {ALL_DIFFERENT.input_size}, {ALL_DIFFERENT.hidden_size}
L, P, D = {ALL_DIFFERENT.num_layers}, {PROJECTED.proj_size}, 2
letters = {{T: "T", N: "N", I: "I", H: "H", P: "P", 4 * H: "4H",
           D * H: "D·H", D * L: "D·L", D * P: "D·P"}}
def lettered(tensor):
    names = [letters[length] for length in tensor.shape]
    return "(" + ", ".join(names) + "," * (len(names) == 1) + ")"
def called(input, **more):
    sizes = dict(num_layers=L, bidirectional=True) | more
    sized = torch.nn.LSTM(I, H, **sizes)
    output, (h_n, c_n) = sized(input)
    return dict(input=input, output=output, h_n=h_n, c_n=c_n,
                **dict(sized.named_parameters()))
time_first = called(torch.zeros(T, N, I))
alone = called(torch.zeros(T, N, I), num_layers=1, bidirectional=False)
batch_first = called(torch.zeros(N, T, I), batch_first=True)
projected = called(torch.zeros(T, N, I), proj_size=P)"""
"""Python that defines, for each column of the shapes, the tensors of a module by name."""

STEP_CODE = (
    # The sums belong to all gates, c and h to none.
    ("", "ih = x @ weight_ih.T + bias_ih"),
    ("", "hh = h_prev @ weight_hh.T + bias_hh"),
    ("", "z_i, z_f, z_g, z_o = (ih + hh).split(H)"),
    ("i", "i = sigmoid(z_i)"),
    ("f", "f = sigmoid(z_f)"),
    ("g", "g = tanh(z_g)"),
    ("o", "o = sigmoid(z_o)"),
    ("", "c = f * c_prev + i * g"),
    ("", "h = o * tanh(c)"),
)
"""The code of a step, each line with the gate it computes."""

RETURNED = (
    ("output", "h of the last layer at every step"),
    ("h_n", "the last h of every layer and direction"),
    ("c_n", "the c that belongs to each of those"),
)
"""The results of a call, with what each is."""

MISTAKES = (
    ("the last output of padded sequences", "It is h after the padding: pack them, and take h_n."),
    (
        "batch first, and no batch_first=True",
        "Nothing is raised; steps and sequences exchange their roles.",
    ),
    (
        "h_n of two directions as a view",
        "It mixes sequences: put the last two of h_n side by side.",
    ),
    (
        "a forget bias in both biases",
        "They add up: write it into one of them, and zero into the other.",
    ),
    (
        "a state handed on without detach()",
        "The next backward() goes through the last call too, and raises.",
    ),
)
"""Common mistakes, and their consequences or what to do instead."""


class Cursor:
    """A cursor that writes lines from top to bottom.

    Attributes:
        x: The left edge of the lines.
        y: The top of the next line.
        width: The width of the lines.
        marks: The marks so far.
    """

    def __init__(self, x: float, y: float, width: float):
        self.x, self.y, self.width = x, y, width
        self.marks: list[Mark] = []

    def add_heading(self, text: str) -> None:
        """Add a rule and a heading below it."""
        line = (("M", (self.x, self.y)), ("L", (self.x + self.width, self.y)))
        self.marks.append(Path(line, stroke="ink", stroke_width=styles.LINE.plain.weight))
        self.add_sentence(
            sentence(text), size=HEADING_SIZE, fill="ink", bold=True, above=7, below=6
        )

    def add_sentence(
        self,
        sentence: Sentence,
        *,
        size: float = words.SMALL,
        fill: Paint = "muted",
        bold: bool = False,
        above: float = 0,
        below: float = 4,
    ) -> None:
        """Add a sentence."""
        lines, bottom = words.paragraph(
            self.x, self.y + above, sentence, self.width, size=size, fill=fill, bold=bold
        )
        self.marks.append(lines)
        self.y = bottom + below

    def add_code(self, *pieces: "Piece") -> None:
        """Add one line of pieces."""
        middle = self.y + CODE_LINE_HEIGHT / 2
        self.marks += [piece.mark_at(self.x, middle) for piece in pieces]
        self.y += CODE_LINE_HEIGHT


class Piece(NamedTuple):
    """A piece of text in a line.

    Attributes:
        sentence: The text with its binding.
        x: The distance from the left of the line.
        fill: The paint.
        mono: Whether the text is code.
        bold: Whether the text is bold.
        term: The terms.
    """

    sentence: Sentence
    x: float = 0
    fill: Paint = "ink"
    mono: bool = True
    bold: bool = False
    term: str = ""

    def mark_at(self, left: float, middle: float) -> Mark:
        """The mark of the piece; `middle` is the vertical middle of the letters."""
        text = Text(
            left + self.x,
            middle + words.middle_to_baseline(words.SMALL),
            self.sentence.text,
            words.SMALL,
            fill=self.fill,
            bold=self.bold,
            mono=self.mono,
        )
        return Group((text,), term=self.term, bound=(self.sentence.says,))


def cheat_sheet(subject: LayerRun) -> Diagram:
    """A sheet A4: equations, shapes, rows and mistakes of `nn.LSTM`."""
    _check(subject)
    sheet = paper("A4", WIDTH)
    head = _head(subject)
    top = Cursor(SIDE_MARGIN, SIDE_MARGIN - 8, WIDTH - 2 * SIDE_MARGIN)
    _add_title(top, head)
    step_alt_text = _add_step(top, subject)
    left = Cursor(SIDE_MARGIN, top.y + GAP, LEFT_WIDTH)
    rows_alt_text = _add_rows(left, subject)
    left.y += GAP
    _add_parameters(left, subject)
    right = Cursor(RIGHT_COLUMN_X, top.y + GAP, RIGHT_WIDTH)
    _add_shapes(right)
    right.y += GAP
    _add_returned(right)
    right.y += GAP
    _add_classifier_input(right)
    below = Cursor(SIDE_MARGIN, max(left.y, right.y) + GAP, WIDTH - 2 * SIDE_MARGIN)
    _add_mistakes(below)
    if below.y > sheet.height - SIDE_MARGIN / 2:
        raise _too_large(subject)
    parts = (top, left, right, below)
    return Diagram(
        heading=head,
        description=f"{step_alt_text} {rows_alt_text}",
        width=sheet.width,
        height=sheet.height,
        marks=tuple(mark for part in parts for mark in part.marks),
        figure_width=WIDTH,
        setup=SETUP,
        paper=sheet,
    )


def _check(subject: LayerRun) -> None:
    """Raise an error if the sheet does not apply to the module.

    Raises:
        BeyondLimit: If it has several layers or directions, no bias, or a
            projection.
    """
    weights = subject.weights
    has_several = len(subject.trace.weights) > 1
    if has_several or weights.bias_ih is None or weights.proj_size:
        raise BeyondLimit(
            f"got {subject.module}, expected one layer in one direction with "
            "biases and without a projection; leave the source out"
        )


def _too_large(subject: LayerRun) -> BeyondLimit:
    """The error for a module whose weights do not fit."""
    return BeyondLimit(
        f"got {subject.module}, whose weights have no room on the sheet, "
        "expected a module as small as the example; leave the source out"
    )


def _add_title(top: Cursor, head: Head) -> None:
    """Add the title, the provenance at its right, and the lead."""
    top.add_sentence(head.title, size=TITLE_SIZE, fill="ink", bold=True, below=2)
    provenance, _ = words.paragraph(
        WIDTH - SIDE_MARGIN, top.y - 30, head.provenance, LEFT_WIDTH, size=words.SMALL, anchor="end"
    )
    top.marks.append(provenance)
    top.add_sentence(head.lead, size=words.LEAD, below=12)


def _add_step(top: Cursor, subject: LayerRun) -> str:
    """Add a step as code, and beside it one unit's step in numbers.

    Returns:
        The text alternative.
    """
    top.add_heading("One step")
    panel = keep_write_show(subject, PANEL_WIDTH, units=(0,), detail="units")
    panel_left, panel_top = WIDTH - SIDE_MARGIN - panel.width, top.y + 2
    for gate, line in STEP_CODE:
        fill = TERMS[gate].role if gate else "ink"
        top.add_code(Piece(sentence(line), fill=fill, bold=bool(gate), term=gate))
    top.marks.append(placed("keep-write-show", panel, panel_left, panel_top))
    size = subject.weights.hidden_size
    if size > 1:
        top.add_sentence(
            sentence("{} unit of {} is drawn.", (1, "1"), (size, "c.shape[-1]")), above=4
        )
    top.y = max(top.y, panel_top + panel.height) + 6
    top.add_sentence(
        sentence(
            "Dashed is what there is, filled what the gate lets through; a "
            "write begins where the keep ended."
        )
    )
    return panel.description


def _add_rows(left: Cursor, subject: LayerRun) -> str:
    """Add the weights of a small module, and the gate of each row.

    Returns:
        The text alternative.
    """
    left.add_heading("Rows of the weights")
    table = weight_table(subject, LEFT_WIDTH, WEIGHT_ROW_HEIGHT)
    if table is None:
        raise _too_large(subject)
    left.marks += [shift(mark, left.x, left.y) for mark in table.marks]
    left.y += table.height + 10
    left.add_sentence(sentence("Row k of each band of H rows belongs to unit k."))
    left.add_sentence(sentence("Blue is positive, red is negative."))
    return table.alt_text


def _add_shapes(right: Cursor) -> None:
    """Add the shapes of inputs and outputs, for three modules."""
    right.add_heading("Shapes")
    first_x, second_x, third_x = (NAME_WIDTH + k * SHAPE_WIDTH for k in range(3))
    right.add_code(
        Piece(sentence("batch_first"), second_x, fill="muted"),
        Piece(sentence("proj_size"), third_x, fill="muted"),
    )
    # Variable of the setup, the sizes of its module, and the left edge of its column.
    columns = (
        ("time_first", Sizes(ALL_DIFFERENT, STEPS, SEQUENCES), first_x),
        ("batch_first", Sizes(ALL_DIFFERENT, STEPS, SEQUENCES, batch_first=True), second_x),
        ("projected", Sizes(PROJECTED, STEPS, SEQUENCES), third_x),
    )
    for name in ("input", "output", "h_n", "c_n"):
        right.add_code(
            Piece(sentence(name), bold=True),
            *(
                _shape(sizes.call_axes[name], f"{variable}[{name!r}]", x)
                for variable, sizes, x in columns
            ),
        )
    right.y += 4
    right.add_sentence(
        sentence(
            "T steps, N sequences, D directions, I = input_size, H = "
            "hidden_size, L = num_layers, P = proj_size."
        )
    )
    right.add_sentence(sentence("h_0 and c_0 are as h_n and c_n. Without a batch leave N out."))


def _shape(axes: Axes, of: str, x: float) -> Piece:
    """A shape, written in letters."""
    return Piece(sentence("{}", (_letters(axes), f"lettered({of})")), x)


def _letters(axes: Axes) -> str:
    """A shape in letters, written like a tuple of Python."""
    letters = [LETTER_BY_LENGTH[length] for length, _ in axes]
    listed = ", ".join(letters)
    return f"({listed},)" if len(letters) == 1 else f"({listed})"


def _add_returned(right: Cursor) -> None:
    """Add the section on what a call returns."""
    right.add_heading("What is returned")
    for name, meaning in RETURNED:
        right.add_code(
            Piece(sentence(name), bold=True),
            Piece(sentence(meaning), NAME_WIDTH, fill="muted", mono=False),
        )


def _add_classifier_input(right: Cursor) -> None:
    """Add the code for the final state of each direction."""
    right.add_heading("What a classifier reads")
    one_direction, two_directions = 'alone["h_n"]', 'time_first["h_n"]'
    output = 'time_first["output"]'
    # The code, its expression, the claim that it is in `output`, and the module it is for.
    for code, expr, claim, module in (
        (
            "h_n[-1]",
            f"f'h_n[-{{len({one_direction})}}]'",
            f'torch.equal({one_direction}[-1], alone["output"][-1])',
            "one direction",
        ),
        (
            "torch.hstack([*h_n[-2:]])",
            "f'torch.hstack([*h_n[-{D}:]])'",
            f"torch.equal(torch.hstack([*{two_directions}[-D:]]), torch.hstack("
            f"[{output}[-1, :, :H], {output}[0, :, H:]]))",
            "bidirectional",
        ),
    ):
        right.add_code(
            Piece(sentence("{}", (code, expr), claim=claim), bold=True),
            Piece(sentence(module), CLASSIFIER_CODE_WIDTH, fill="muted", mono=False),
        )
    right.y += 4
    right.add_sentence(
        sentence(
            "Padded sequences are packed first, with pack_padded_sequence(x, "
            "lengths, enforce_sorted=False)."
        )
    )


def _add_parameters(left: Cursor, subject: LayerRun) -> None:
    """Add the shape of each parameter, and the number of parameters."""
    left.add_heading("Parameters")
    axes_by_name = Sizes(ALL_DIFFERENT, STEPS, SEQUENCES).parameter_axes
    # Only a module with a projection has weight_hr.
    projected_axes_by_name = Sizes(PROJECTED, STEPS, SEQUENCES).parameter_axes
    for line in (
        ("weight_ih_l0", "weight_ih_l1"),
        ("weight_hh_l0", "bias_ih_l0"),
        ("bias_hh_l0", "weight_hr_l0"),
    ):
        pieces: list[Piece] = []
        for name, x in zip(line, (0.0, PARAMETER_WIDTH), strict=True):
            axes, variable = axes_by_name.get(name), "time_first"
            if axes is None:
                axes, variable = projected_axes_by_name[name], "projected"
            pieces += [
                Piece(sentence(name), x, bold=True),
                _shape(axes, f"{variable}[{name!r}]", x + PARAMETER_NAME_WIDTH),
            ]
        left.add_code(*pieces)
    left.y += 4
    module_variable = subject.module_variable
    count = sum(array.size for array in subject.weights.parameters().values())
    names = f"[name for name, _ in {module_variable}.named_parameters()]"
    weight_ih = subject.parameter_name("weight_ih")
    left.add_sentence(
        sentence(
            "A layer and direction: {}H(I + H + {}) numbers, here {}.",
            (4, f"len({module_variable}.{weight_ih}) // {module_variable}.hidden_size"),
            (2, f"sum('bias' in name for name in {names})"),
            (count, f"sum(p.numel() for p in {module_variable}.parameters())"),
        )
    )


def _add_mistakes(below: Cursor) -> None:
    """Add the section on mistakes."""
    below.add_heading("Five mistakes")
    for mistake, consequence in MISTAKES:
        below.add_code(
            Piece(sentence(mistake), bold=True, mono=False),
            Piece(sentence(consequence), MISTAKE_WIDTH, fill="muted", mono=False),
        )


def _head(subject: LayerRun) -> Head:
    step = subject.step_number(subject.step_index(2))
    return Head(
        sentence("nn.LSTM on one page"),
        sentence("Every name, shape and number on it was asked of PyTorch."),
        provenance(subject, ("step {}", step, str(step))),
        (),
        origin(subject),
    )
