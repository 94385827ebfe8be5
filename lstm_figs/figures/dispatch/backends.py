"""The backends that can run an LSTM, in the order in which torch asks them."""

from typing import NamedTuple

from ...layout import styles, words
from ...layout.blocks import Block
from ...layout.motifs.wires import WIRE_WIDTH, wire
from ...model.calls import Called
from ...proof.bindings import Node, Says
from ...scene.marks import Box, Group, Mark, Text
from ...scene.theme import Paint

BACKEND_ORDER = {
    "lstm": ("cuDNN", "MPS", "MIOpen", "oneDNN", "native"),
    "lstm_cell": ("CUDA kernel", "native"),
    "packed": ("cuDNN", "MIOpen", "oneDNN", "native"),
}
"""Operator, or `packed` -> its backends in order; from PyTorch's source."""

CONDITIONS = {
    "cuDNN": "torch.backends.cudnn.is_acceptable(zeros)",
    "MPS": "zeros.is_mps",
    "MIOpen": "zeros.is_cuda and torch.version.hip is not None",
    "CUDA kernel": "zeros.is_cuda",
    "oneDNN": '"mkldnn_rnn_layer" in {called}',
    "native": '"mkldnn_rnn_layer" not in {called}',
}
"""Backend -> an expression that is true if it runs the call."""

REASONS = {
    "float64": ("no, float64", "module.weight_ih_l0.dtype == torch.float64"),
    "no-onednn": ("no, switched off", ""),
    "packed": ("no, lengths differ", "len({*lengths}) > 1"),
    "projection": ("no, projection", "module.proj_size > 0"),
}
"""Call -> why oneDNN does not run it, and an expression that is true then."""

NARROWEST_WIDE = 480.0
"""In figures of less width, the backends are stacked."""
MAX_BACKENDS = 5
"""The most backends that an operator has; that is how many fit side by side."""
GAP, STACKED_GAP, ARROW_GAP = 24.0, 18.0, 3.0
"""Between two backends side by side, and one below the other, for an arrow; and between an
arrow and a backend."""
HEIGHT, STACKED_HEIGHT = 50.0, 30.0
"""The height of a backend if they are side by side, and if they are stacked."""
NAME_MIDDLE, STATE_MIDDLE = 16.0, 35.0
"""The middles of both texts of a backend if they are side by side."""
PADDING, ARROW_X = 12.0, 24.0
"""The gap left of the texts of a stacked backend, and the horizontal position of the arrows."""


class Backend(NamedTuple):
    """A backend, and whether it runs a call.

    Attributes:
        name: Its name.
        state: Whether it runs the call and why not, in a few words.
        of: The expression for whether it runs the call.
        claim: An expression that is true if `state` is.
        is_running: Whether it runs the call.
        is_reached: Whether torch asks it.
    """

    name: str
    state: str
    of: str
    claim: str
    is_running: bool
    is_reached: bool


def asked_backends(called: Called, call: str, steps: int) -> list[Backend]:
    """The backends that torch asks for a call over a number of steps."""
    names = f'called["{call}"]'
    backends: list[Backend] = []
    is_decided = False
    for name in BACKEND_ORDER.get(call, BACKEND_ORDER[called.operator]):
        is_running = name == called.backend
        condition = CONDITIONS[name].format(called=names)
        claim = condition if is_running else f"not ({condition})"
        state = "no, on a CPU"
        if is_running:
            state = "runs this call"
        elif is_decided:
            state = "not reached"
        elif name == "oneDNN":
            state, reason = "no, not built in", ""
            # Packed sequences of one step have equal lengths.
            if call != "packed" or steps > 1:
                state, reason = REASONS.get(call, (state, reason))
            claim = f"{claim} and {reason}" if reason else claim
        backends.append(
            Backend(name, state, condition, claim, is_running, is_reached=not is_decided)
        )
        is_decided = is_decided or is_running
    return backends


def middle(k: int, width: float) -> float:
    """The middle of backend `k` if they are side by side."""
    return (k + 0.5) * (width + GAP) / MAX_BACKENDS - GAP / 2


def ladder(backends: list[Backend], width: float) -> Block:
    """All backends, side by side or stacked in a narrow figure."""
    if width < NARROWEST_WIDE:
        return _stack(backends, width)
    box_width = (width - (MAX_BACKENDS - 1) * GAP) / MAX_BACKENDS
    marks: list[Mark] = []
    for k, backend in enumerate(backends):
        x = middle(k, width)
        left = x - box_width / 2
        if k:
            ends = (left - GAP + ARROW_GAP, HEIGHT / 2), (left - ARROW_GAP, HEIGHT / 2)
            marks.append(_arrow(k, backend, *ends))
        marks.append(
            _backend_group(
                k,
                backend,
                _box(backend, left, 0, box_width, HEIGHT),
                Text(
                    x,
                    NAME_MIDDLE + words.middle_to_baseline(words.NUMBER),
                    backend.name,
                    words.NUMBER,
                    "middle",
                    _ink(backend),
                    bold=True,
                ),
                Text(
                    x,
                    STATE_MIDDLE + words.middle_to_baseline(words.SMALL),
                    backend.state,
                    words.SMALL,
                    "middle",
                    _ink(backend),
                ),
            )
        )
    return Block(width, HEIGHT, tuple(marks))


def _stack(backends: list[Backend], width: float) -> Block:
    """The boxes of the backends below each other, with arrows in the order of torch's checks."""
    marks: list[Mark] = []
    y = 0.0
    for k, backend in enumerate(backends):
        if k:
            ends = (ARROW_X, y - STACKED_GAP + 2), (ARROW_X, y - 2)
            marks.append(_arrow(k, backend, *ends))
        baseline = y + STACKED_HEIGHT / 2 + words.middle_to_baseline(words.LABEL)
        marks.append(
            _backend_group(
                k,
                backend,
                _box(backend, 0, y, width, STACKED_HEIGHT),
                Text(PADDING, baseline, backend.name, words.LABEL, fill=_ink(backend), bold=True),
                Text(width - PADDING, baseline, backend.state, words.LABEL, "end", _ink(backend)),
            )
        )
        y += STACKED_HEIGHT + STACKED_GAP
    return Block(width, y - STACKED_GAP, tuple(marks))


def _backend_group(k: int, backend: Backend, *marks: Mark) -> Group:
    """The box and the texts of backend `k`, bound to whether it runs the call."""
    bound = (Node(backend.of), Says(claim=backend.claim))
    return Group(marks, id=f"asked-{k}", bound=bound)


def _arrow(k: int, backend: Backend, start: tuple[float, float], end: tuple[float, float]) -> Group:
    """The arrow to backend `k`; thin if torch does not reach it."""
    return wire(
        start,
        end,
        tail=f"asked-{k - 1}",
        head=f"asked-{k}",
        flow="order",
        paint="muted",
        width=WIRE_WIDTH if backend.is_reached else styles.LINE.muted.weight,
    )


def _ink(backend: Backend) -> Paint:
    """The paint of the texts of a backend."""
    return "ink" if backend.is_running else "muted"


def _box(backend: Backend, x: float, y: float, width: float, height: float) -> Box:
    """The box of a backend, strong if it runs the call."""
    look = styles.BOX.strong if backend.is_running else styles.BOX.muted
    box = Box(
        x,
        y,
        width,
        height,
        radius=6,
        fill="panel" if backend.is_running else "paper",
        stroke="ink" if backend.is_running else "muted",
        stroke_width=look.weight,
        dash=look.dash,
    )
    return styles.emphasized(box, "it" if backend.is_running else "")
