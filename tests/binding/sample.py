"""A small figure with every kind of binding, for testing the checks.

It shows the example network: two rows of a weight, gates as columns, c as a
line over the steps, writes as an area, and one product with its arrows.
"""

from functools import cache

from lstm_figs.layout import words
from lstm_figs.layout.panels import arrow
from lstm_figs.model.layer_run import LayerRun, sha256
from lstm_figs.proof.bindings import Course, Flow, Length, Node, Place, Scale, Shade, sentence
from lstm_figs.proof.preamble.write import preamble
from lstm_figs.render.compose import compose
from lstm_figs.render.svg import write_svg
from lstm_figs.scene.marks import Box, Mark, Path, walk
from lstm_figs.scene.scenes import Diagram, Head
from lstm_figs.sources import Source
from tests.binding.lengths import shade

TEMPLATES = (
    "title: A sample of {} steps",
    "lead: The forget gate of unit {} is half shut at step {}.",
    "provenance: nn.LSTM({}, {})",
    "note: It ends at {} after {} steps.",
    "note: Blue is positive, red is negative.",
)
LEFT, STEP = 60.0, 40.0


@cache
def sample() -> str:
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


def _middle(t: float) -> float:
    return LEFT + STEP * (t + 0.5)


def _hexadecimal(value: float, end: float) -> str:
    # A paint is a role with a share in whole per cent.
    assert shade(value, end)
    return f"{'pos' if value >= 0 else 'neg'}:{round(55 * abs(value) / end)}"


def _table(subject: LayerRun) -> list[Mark]:
    marks: list[Mark] = [
        words.label(0, 12, "weight_ih", {"tensor": "weight_ih"}, ["weight_ih-*-*"], "block"),
        words.label(20, 62, "i", {"gate": "i"}, ["weight_ih-*-*"], "band", anchor="middle"),
    ]
    for k in range(3):
        marks.append(
            words.label(
                _middle(k),
                28,
                str(k),
                {"input": k},
                [f"weight_ih-*-{k}"],
                "column",
                anchor="middle",
            )
        )
    for row in (0, 1):
        y = 40 + 24 * row
        marks.append(
            words.label(
                50, y + 12, str(row), {"row": row}, [f"weight_ih-{row}-*"], "row", anchor="end"
            )
        )
        for k, weight in enumerate(subject.row("weight_ih", row)):
            x = LEFT + STEP * k
            marks += [
                Box(
                    x,
                    y,
                    STEP,
                    24,
                    fill=_hexadecimal(weight.value, 2),
                    bound=(Shade(weight.expr, 2),),
                    id=f"cell-{row}-{k}",
                ),
                words.number(x + STEP / 2, y + 12, weight, size=12, id=f"weight_ih-{row}-{k}"),
            ]
    return marks


def _columns(subject: LayerRun) -> list[Mark]:
    marks: list[Mark] = []
    for t in range(4):
        marks.append(
            words.label(
                _middle(t),
                320,
                str(t + 1),
                {"step": t + 1},
                [f"f-{t}-0", f"i-{t}-0"],
                "column",
                anchor="middle",
            )
        )
    for row, gate in enumerate("fi"):
        top = 120 + 40 * row
        scale = Scale(0, 1, top + 30, top)
        marks.append(words.label(20, top + 15, gate, {"gate": gate}, [f"{gate}-*-0"], "band"))
        for t in range(4):
            number = subject.result(gate, t, 0, 0)
            y = scale(number.value)
            marks.append(
                Box(
                    LEFT + STEP * t + 2,
                    y,
                    STEP - 4,
                    top + 30 - y,
                    fill=f"gate-{gate}",
                    id=f"{gate}-{t}-0",
                    bound=(Length(number.expr, "height", scale),),
                )
            )
    return marks


def _lines(subject: LayerRun) -> list[Mark]:
    scale, steps = Scale(-2, 2, 300, 220), Scale(0, 1, _middle(0), _middle(1))
    cells = [float(s.c[0, 0]) for s in subject.steps]
    wrote = [float((s.i * s.g)[0, 0]) for s in subject.steps]
    line = tuple(("M" if t == 0 else "L", (_middle(t), scale(c))) for t, c in enumerate(cells))
    edges = [(_middle(t), scale(w)) for t, w in enumerate(wrote)]
    edges += [(_middle(t), scale(0)) for t in reversed(range(4))]
    around = tuple(("M" if k == 0 else "L", point) for k, point in enumerate(edges))
    return [
        Path(
            (*around, ("Z",)),
            fill="panel",
            id="written",
            bound=(
                Course(
                    "torch.stack([torch.zeros(len(c)), (i * g)[:, 0, 0]])", "area", steps, scale
                ),
            ),
        ),
        Path(line, stroke="ink", id="line-0", bound=(Course("c[:, 0, 0]", "path", steps, scale),)),
        *(words.tick(LEFT - 6, scale(value), str(value).replace("-", "−")) for value in (-1, 0, 1)),
        Box(
            _middle(2) - 3,
            scale(cells[2]) - 3,
            6,
            6,
            fill="ink",
            id="point-2",
            bound=(Place("2, c[2, 0, 0]", steps, scale),),
        ),
    ]


def _arrows(subject: LayerRun) -> list[Mark]:
    marks: list[Mark] = []
    places = {
        "f": (340.0, 120.0),
        "c_prev": (340.0, 200.0),
        "kept": (480.0, 160.0),
        "c": (580.0, 160.0),
        "wrote": (480.0, 220.0),
    }
    of = {
        "f": "f[2, 0, 0]",
        "c_prev": "c_prev[2, 0, 0]",
        "c": "c[2, 0, 0]",
        "kept": "(f * c_prev)[2, 0, 0]",
        "wrote": "(i * g)[2, 0, 0]",
    }
    for name, (x, y) in places.items():
        marks.append(Box(x, y, 40, 20, stroke="rule", id=f"node-{name}", bound=(Node(of[name]),)))
    for tail, head in (("f", "kept"), ("c_prev", "kept"), ("kept", "c"), ("wrote", "c")):
        (x1, y1), (x2, y2) = places[tail], places[head]
        marks.append(
            arrow((x1 + 42, y1 + 10), (x2 - 2, y2 + 10))._replace(
                bound=(Flow("makes", f"node-{tail}", f"node-{head}"),)
            )
        )
    marks.append(words.operator(500, 200, "…"))
    return marks
