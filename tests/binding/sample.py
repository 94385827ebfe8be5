"""A small figure with every kind of binding, for testing the checks.

It shows the example network: two rows of a weight, gates as columns, c as a
line over the steps, writes as an area, and one product with its arrows.
"""

from functools import cache

from lstm_figs.layout import words
from lstm_figs.layout.shapes import arrow
from lstm_figs.model.layer_run import LayerRun, sha256
from lstm_figs.proof.bindings import Course, Flow, Length, Node, Place, Scale, Shade, sentence
from lstm_figs.proof.preamble.write import preamble
from lstm_figs.render.compose import compose
from lstm_figs.render.svg import write_svg
from lstm_figs.scene.marks import Box, Path, walk
from lstm_figs.scene.scenes import Diagram, Head
from lstm_figs.sources import Source
from tests.binding.lengths import STRONGEST_SHARE

TEMPLATES = """\
A sample of {} steps
The forget gate of unit {} is half shut at step {}.
nn.LSTM({}, {})
It ends at {} after {} steps.
 expressions
"""
"""The sentences of the sample, as in a `templates.txt`."""

LEFT, STEP = 60.0, 40.0
"""Where the columns begin, and the distance from one to the next."""


@cache
def sample():
    """A small drawing that has a mark of each kind, as SVG."""
    subject = LayerRun(Source().trace())
    marks = (*_table(subject), *_columns(subject), *_lines(subject), *_arrows(subject))
    last = subject.result("c", 3, 0, 0)
    head = Head(
        sentence("A sample of {} steps", (4, "len(x)")),
        sentence(
            "The forget gate of unit {} is half shut at step {}.",
            (0, "0"),
            (3, "3"),
            claim="f[2, 0, 0].item() < 0.5",
        ),
        sentence("nn.LSTM({}, {})", (3, "lstm.input_size"), (2, "lstm.hidden_size")),
        (
            sentence(
                "It ends at {} after {} steps.",
                (f"{last.value:.2f}".replace("-", "−"), last.expr),
                ("four", "len(x)"),
            ),
            sentence("Blue is positive, red is negative."),
        ),
        sentence("The example network."),
    )
    sheet = compose(
        Diagram(heading=head, description="", width=640, height=520, marks=marks, figure_width=720)
    )
    expressions = [
        expression
        for mark in walk(sheet.marks)
        for binding in mark.bound
        for expression in binding.expressions()
    ]
    return write_svg(
        sheet,
        id="sample",
        title="A sample of 4 steps",
        description="",
        metadata={
            "figure": "sample",
            "torch": None,
            "command": None,
            "preamble": preamble(subject, [*expressions, "x", "c"]),
            "weights_sha256": sha256(subject.trace.weights),
        },
        theme="light",
    )


def _middle(t):
    return LEFT + STEP * (t + 0.5)


def _paint(value, end):
    """The role of a colour and its share in whole per cent, for a scale with this end."""
    share = round(100 * STRONGEST_SHARE * abs(value) / end)
    return f"{'pos' if value >= 0 else 'neg'}:{share}"


def _table(subject):
    """A heat map of two rows of weight_ih, with numbers and labels."""
    marks = [
        words.label(
            0, 12, "weight_ih", names={"tensor": "weight_ih"}, of=["weight_ih-*-*"], along="block"
        ),
        words.label(
            20, 62, "i", names={"gate": "i"}, of=["weight_ih-*-*"], along="band", anchor="middle"
        ),
    ]
    for k in range(3):
        marks.append(_column_label(k, 28, str(k), {"input": k}, [f"weight_ih-*-{k}"]))
    for row in (0, 1):
        y, named = 40 + 24 * row, [f"weight_ih-{row}-*"]
        marks.append(
            words.label(
                50, y + 12, str(row), names={"row": row}, of=named, along="row", anchor="end"
            )
        )
        for k, weight in enumerate(subject.row("weight_ih", row)):
            look = {"fill": _paint(weight.value, 2), "bound": (Shade(weight.expr, 2),)}
            marks += [
                Box(LEFT + STEP * k, y, STEP, 24, **look, id=f"cell-{row}-{k}"),
                words.number(_middle(k), y + 12, weight, size=12, id=f"weight_ih-{row}-{k}"),
            ]
    return marks


def _column_label(k, y, text, names, targets):
    return words.label(
        _middle(k), y, text, names=names, of=targets, along="column", anchor="middle"
    )


def _columns(subject):
    """Bars of f and i at each step."""
    marks = []
    for t in range(4):
        step = t + 1
        marks.append(_column_label(t, 320, str(step), {"step": step}, [f"f-{t}-0", f"i-{t}-0"]))
    for row, gate in enumerate("fi"):
        top = 120 + 40 * row
        scale = Scale(0, 1, top + 30, top)
        marks.append(
            words.label(20, top + 15, gate, names={"gate": gate}, of=[f"{gate}-*-0"], along="band")
        )
        for t in range(4):
            number = subject.result(gate, t, 0, 0)
            y, bound = scale(number.value), (Length(number.expr, "height", scale),)
            look = {"fill": f"gate-{gate}", "id": f"{gate}-{t}-0", "bound": bound}
            marks.append(Box(LEFT + STEP * t + 2, y, STEP - 4, top + 30 - y, **look))
    return marks


def _lines(subject):
    """The curve of c, the area of i·g, and a point at step 3."""
    scale, steps = Scale(-2, 2, 300, 220), Scale(0, 1, _middle(0), _middle(1))
    cells = [float(s.c[0, 0]) for s in subject.steps]
    wrote = [float((s.i * s.g)[0, 0]) for s in subject.steps]
    line = tuple(("M" if t == 0 else "L", (_middle(t), scale(c))) for t, c in enumerate(cells))
    edges = [(_middle(t), scale(w)) for t, w in enumerate(wrote)]
    edges += [(_middle(t), scale(0)) for t in reversed(range(4))]
    around = tuple(("M" if k == 0 else "L", point) for k, point in enumerate(edges))
    written = "torch.stack([torch.zeros(len(c)), (i * g)[:, 0, 0]])"
    area = (Course(written, "area", steps, scale),)
    point = (Place("2, c[2, 0, 0]", steps, scale),)
    return [
        Path((*around, ("Z",)), fill="panel", id="written", bound=area),
        Path(line, stroke="ink", id="line-0", bound=(Course("c[:, 0, 0]", "path", steps, scale),)),
        *(words.tick(LEFT - 6, scale(value), str(value).replace("-", "−")) for value in (-1, 0, 1)),
        Box(_middle(2) - 3, scale(cells[2]) - 3, 6, 6, fill="ink", id="point-2", bound=point),
    ]


def _arrows(subject):
    """The graph of c and its two products."""
    marks = []
    nodes = {
        "f": (340.0, 120.0, "f"),
        "c_prev": (340.0, 200.0, "c_prev"),
        "kept": (480.0, 160.0, "(f * c_prev)"),
        "c": (580.0, 160.0, "c"),
        "wrote": (480.0, 220.0, "(i * g)"),
    }
    for name, (x, y, of) in nodes.items():
        bound = (Node(f"{of}[2, 0, 0]"),)
        marks.append(Box(x, y, 40, 20, stroke="rule", id=f"node-{name}", bound=bound))
    for tail, head in (("f", "kept"), ("c_prev", "kept"), ("kept", "c"), ("wrote", "c")):
        (x1, y1, _), (x2, y2, _) = nodes[tail], nodes[head]
        flow = (Flow("makes", f"node-{tail}", f"node-{head}"),)
        marks.append(arrow((x1 + 42, y1 + 10), (x2 - 2, y2 + 10))._replace(bound=flow))
    marks.append(words.operator(500, 200, "…"))
    return marks
