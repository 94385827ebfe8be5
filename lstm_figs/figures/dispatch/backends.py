"""Who can run an LSTM, in the order in which torch asks."""

from typing import NamedTuple

from ...layout import styles, words
from ...layout.blocks import Block
from ...layout.motifs.wires import THIN, wire
from ...model.calls import Called
from ...proof.bindings import Node, Says
from ...scene.marks import Box, Group, Mark, Text
from ...scene.theme import Paint

ORDERS = {
    "lstm": ("cuDNN", "MPS", "MIOpen", "oneDNN", "native"),
    "lstm_cell": ("CUDA kernel", "native"),
    "packed": ("cuDNN", "MIOpen", "oneDNN", "native"),
}
"""Operator, or packed -> who is asked; from PyTorch's source."""

CALLED = {
    "cuDNN": "torch.backends.cudnn.is_acceptable(zeros)",
    "MPS": "zeros.is_mps",
    "MIOpen": "zeros.is_cuda and torch.version.hip is not None",
    "CUDA kernel": "zeros.is_cuda",
    "oneDNN": '"mkldnn_rnn_layer" in {called}',
    "native": '"mkldnn_rnn_layer" not in {called}',
}
"""Whether each runs a call, as an expression."""

REASONS = {
    "float64": ("no, float64", "module.weight_ih_l0.dtype == torch.float64"),
    "no-onednn": ("no, switched off", ""),
    "packed": ("no, lengths differ", "len({*lengths}) > 1"),
    "projection": ("no, projection", "module.proj_size > 0"),
}
"""Why oneDNN does not run a call, and what is true then, if torch can say."""

GAP = 24.0
"""Between two of them, for an arrow."""
HEIGHT, LINE = 50.0, 30.0
"""The height of one among others beside it, and below it."""


class Rung(NamedTuple):
    """One that is asked.

    Attributes:
        name: What it is called.
        state: What comes of it, in a few words.
        of: Whether it runs the call, as an expression.
        claim: What is true where the words are.
        lit: Whether it runs.
        reached: Whether torch asks it.
    """

    name: str
    state: str
    of: str
    claim: str
    lit: bool
    reached: bool


def rungs(called: Called, call: str, steps: int) -> list[Rung]:
    """Who is asked for a call over so many steps, and what comes of it."""
    names = f'called["{call}"]'
    found: list[Rung] = []
    runs = False
    for name in ORDERS.get(call, ORDERS[called.operator]):
        lit = name == called.backend
        of = CALLED[name].format(called=names)
        claim = of if lit else f"not ({of})"
        state = "no, on a CPU"
        if lit:
            state = "runs this call"
        elif runs:
            state = "not reached"
        elif name == "oneDNN":
            state, why = "no, not built in", ""
            # Sequences of one step are equally long.
            if call != "packed" or steps > 1:
                state, why = REASONS.get(call, (state, why))
            claim = f"{claim} and {why}" if why else claim
        found.append(Rung(name, state, of, claim, lit, reached=not runs))
        runs = runs or lit
    return found


def middle(k: int, room: float) -> float:
    """The middle of one, where they stand beside each other."""
    return (k + 0.5) * (room + GAP) / 5 - GAP / 2


def ladder(found: list[Rung], room: float) -> Block:
    """Those who are asked, beside each other or one below the other."""
    if room < 480:
        return _stacked(found, room)
    width = (room - 4 * GAP) / 5
    marks: list[Mark] = []
    for k, rung in enumerate(found):
        x = middle(k, room)
        left = x - width / 2
        if k:
            ends = (left - GAP + 3, HEIGHT / 2), (left - 3, HEIGHT / 2)
            marks.append(_asks(k, rung, *ends))
        marks.append(
            _rung(
                k,
                rung,
                _box(rung, left, 0, width, HEIGHT),
                Text(
                    x,
                    16 + words.middle(words.NUMBER),
                    rung.name,
                    words.NUMBER,
                    "middle",
                    _ink(rung),
                    bold=True,
                ),
                Text(
                    x, 35 + words.middle(words.SMALL), rung.state, words.SMALL, "middle", _ink(rung)
                ),
            )
        )
    return Block(room, HEIGHT, tuple(marks))


def _stacked(found: list[Rung], room: float) -> Block:
    marks: list[Mark] = []
    y = 0.0
    for k, rung in enumerate(found):
        if k:
            marks.append(_asks(k, rung, (24, y - 16), (24, y - 2)))
        line = y + LINE / 2 + words.middle(words.LABEL)
        marks.append(
            _rung(
                k,
                rung,
                _box(rung, 0, y, room, LINE),
                Text(12, line, rung.name, words.LABEL, fill=_ink(rung), bold=True),
                Text(room - 12, line, rung.state, words.LABEL, "end", _ink(rung)),
            )
        )
        y += LINE + 18
    return Block(room, y - 18, tuple(marks))


def _rung(k: int, rung: Rung, *marks: Mark) -> Group:
    bound = (Node(rung.of), Says(claim=rung.claim))
    return Group(marks, id=f"asked-{k}", bound=bound)


def _asks(k: int, rung: Rung, start: tuple[float, float], end: tuple[float, float]) -> Group:
    """The arrow to one, thinner where torch does not go that way."""
    return wire(
        start,
        end,
        tail=f"asked-{k - 1}",
        head=f"asked-{k}",
        flow="order",
        paint="muted",
        width=THIN if rung.reached else styles.LINE.back.weight,
    )


def _ink(rung: Rung) -> Paint:
    return "ink" if rung.lit else "muted"


def _box(rung: Rung, x: float, y: float, width: float, height: float) -> Box:
    look = styles.BOX.strong if rung.lit else styles.BOX.back
    box = Box(
        x,
        y,
        width,
        height,
        radius=6,
        fill="panel" if rung.lit else "paper",
        stroke="ink" if rung.lit else "muted",
        stroke_width=look.weight,
        dash=look.dash,
    )
    return styles.strong(box, "it" if rung.lit else "")
