"""The state of a network at moments of its training, and how it processes a string."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from ...errors import BeyondLimit
from ...model.layer_run import LayerRun
from ...model.lstm import run
from ...model.origin import Moment, Training
from ...model.tensors import Array, Weights
from ...proof.literals import literal
from ...proof.preamble.truth import BRACKETS, Truth, truth

DEFAULT_BATCHES = (0, 100, 450, 500, 600, 700)
"""The batches to show by default; the end of the training follows."""
NARROW_BATCHES = (0, 450, 500, 600)
"""The same in the narrow form."""
MAX_MOMENTS = 12
"""The most moments to draw."""
BATCH_STEP, LAST_NOTED_BATCH = 10, 1000
"""The curves have a value after every tenth batch, up to this one."""


class Snapshot(NamedTuple):
    """A network at one moment of its training, run on the string.

    Attributes:
        batches: The number of batches before.
        c: The cell states, shape `(seq_len, 2)`.
        right: For each character, whether both answers after it are right.
        percent: The percentage of fresh strings with only right answers; None
            if it was not recorded.
        weight: The weight by which unit 1 shuts unit 0.
    """

    batches: int
    c: Array
    right: Array
    percent: float | None
    weight: np.float32


class History(NamedTuple):
    """The moments and the curves of the figure.

    Attributes:
        text: The string.
        tokens: The tokens of the steps.
        truth: The right answers after each character.
        snapshots: The moments.
        training: The record of the training.
    """

    text: str
    tokens: tuple[str, ...]
    truth: Truth
    snapshots: tuple[Snapshot, ...]
    training: Training

    @property
    def percent(self) -> Array:
        """The curve of right strings, in percent."""
        return _round_percent(self.training.right[: LAST_NOTED_BATCH + 1 : BATCH_STEP])

    @property
    def weight(self) -> Array:
        """The curve of the weight."""
        noted: Array = self.training.weight[: LAST_NOTED_BATCH + 1 : BATCH_STEP].round(3)
        return noted

    @property
    def noted(self) -> tuple[Snapshot, ...]:
        """The moments at which a percentage was recorded."""
        return tuple(snapshot for snapshot in self.snapshots if snapshot.percent is not None)


def _round_percent(percent: Array) -> Array:
    """Round percentages to the precision of a mean over a few batches."""
    rounded: Array = np.asarray(percent, np.float32).round(1)
    return rounded


def history_of(subject: LayerRun, at: tuple[int, ...], *, is_narrow: bool) -> History:
    """Return the moments and the curves.

    Args:
        subject: The run, layer and direction to draw.
        at: The numbers of batches of the moments; empty for the default.
        is_narrow: Whether to use the narrow form.

    Raises:
        BeyondLimit: If the training was not recorded, the input has no text
            with known answers, or `at` names no moment.
    """
    origin, training = subject.trace.origin, training_of(subject)
    readout = origin.readout
    if not origin.text or readout is None or readout.truth != BRACKETS:
        raise BeyondLimit(
            "got an input that is made of no text for learning, expected a "
            "text whose right answers are known; give one with --text"
        )
    ground_truth = truth(origin.text)
    moments = _choose_moments(training, at, is_narrow=is_narrow)
    snapshots = tuple(_snapshot(subject, moment, ground_truth, training) for moment in moments)
    tokens = subject.trace.tokens
    return History(origin.text, tokens, ground_truth, snapshots, training)


def training_of(subject: LayerRun) -> Training:
    """Return the training of a network.

    Raises:
        BeyondLimit: If it was not recorded.
    """
    load_training = subject.trace.origin.training
    if "--run" in (subject.trace.origin.command or ()):
        raise BeyondLimit(
            "got --run for learning, which compares saved checkpoints, expected several weights "
            "files; save model.state_dict() at each checkpoint, and repeat --weights FILE"
        )
    if load_training is None:
        raise BeyondLimit(
            f"got {subject.module} without the moments of its training for "
            "learning, expected several weights files, or the bracket network as it ships; "
            "repeat --weights, or take --network brackets with neither --after nor --set"
        )
    return load_training()


def _choose_moments(training: Training, at: tuple[int, ...], *, is_narrow: bool) -> list[Moment]:
    """Return the last moment at or before each number of batches, without duplicates."""
    end = training.moments[-1].batches
    requested = at or (*(NARROW_BATCHES if is_narrow else DEFAULT_BATCHES), end)
    for batches in requested:
        if not 0 <= batches <= end:
            raise BeyondLimit(
                f"--at is {batches}, expected batches from 0 to {end}, the "
                "end of the training; choose some of these",
                "at",
            )
    moments = [_last_moment(training.moments, batches) for batches in sorted(requested)]
    moment_by_batches = {moment.batches: moment for moment in moments}
    count = len(moment_by_batches)
    if count > MAX_MOMENTS:
        raise BeyondLimit(
            f"--at names {count} moments, expected 1 to {MAX_MOMENTS}; choose fewer", "at"
        )
    return list(moment_by_batches.values())


def _last_moment(moments: Sequence[Moment], batches: int) -> Moment:
    """Return the last moment at or before a number of batches."""
    return [moment for moment in moments if moment.batches <= batches][-1]


def _weights(moment: Moment) -> Weights:
    """Return the parameters of a moment as the weights of a layer."""
    parameters = moment.parameters
    return Weights(
        parameters["weight_ih"],
        parameters["weight_hh"],
        parameters["bias_ih"],
        parameters["bias_hh"],
    )


def _snapshot(
    subject: LayerRun, moment: Moment, ground_truth: Truth, training: Training
) -> Snapshot:
    """Run the network of a moment on the string."""
    trace, readout = subject.trace, moment.readout
    steps = run((_weights(moment),), trace.x[:, :1], trace.h_0[:, :1], trace.c_0[:, :1]).steps
    h = np.array([step.h[0] for step in steps])
    # A positive logit is yes.
    answers = h @ readout.weight.T + readout.bias > 0
    expected = np.array([ground_truth.inside, [not depth for depth in ground_truth.depth]]).T
    batches = moment.batches
    is_noted = batches <= LAST_NOTED_BATCH
    return Snapshot(
        batches=batches,
        c=np.array([step.c[0] for step in steps]),
        right=(answers == expected).all(axis=1),
        percent=float(_round_percent(training.right[batches])) if is_noted else None,
        weight=moment.parameters["weight_hh"][0, 1],
    )


def setup(history: History) -> str:
    """Return the Python code that computes the drawn values.

    It contains all weights, so that a reader needs no file.
    """
    moment_by_batches = {moment.batches: moment for moment in history.training.moments}
    moments = [moment_by_batches[snapshot.batches] for snapshot in history.snapshots]
    readouts = [moment.readout.parameters() for moment in moments]
    lines = [
        "# The network after so many batches of its training.",
        f"batches = torch.tensor({[moment.batches for moment in moments]})",
        "parameters = {",
        *(
            f'    "{name}_l0": torch.tensor({_literal_of([m.parameters[name] for m in moments])}),'
            for name in moments[0].parameters
        ),
        "}",
        "readouts = {",
        *(
            f'    "{name}": torch.tensor({_literal_of([r[name] for r in readouts])}),'
            for name in readouts[0]
        ),
        "}",
        _RUN,
        "# Noted while it was trained: after every tenth batch, on how many in",
        f"# a hundred of {history.training.strings} fresh strings it is right "
        "throughout (the mean of",
        "# up to 21 batches), and a weight.",
        f"strings = {history.training.strings}",
        f"noted_after = torch.arange(0, {LAST_NOTED_BATCH + 1}, {BATCH_STEP})",
        f"percent = torch.tensor({literal(history.percent)})",
        f"weight = torch.tensor({literal(history.weight)})",
    ]
    if history.noted:
        percentages = [np.float32(snapshot.percent) for snapshot in history.noted]
        lines.append(f"percent_at = torch.tensor({_literal_of(percentages)})")
    return "\n".join(lines)


def _literal_of(arrays: Sequence[Array | np.float32]) -> str:
    """Return one tensor of several moments as Python writes it."""
    return literal(np.array(arrays))


_RUN = """\
moment, answer = torch.nn.LSTM(4, 2), torch.nn.Linear(2, 2)
wanted = torch.stack([inside, depth == 0], dim=1)
states, correct = [], []
for k in range(len(batches)):
    moment.load_state_dict({name: p[k] for name, p in parameters.items()})
    answer.load_state_dict({name: p[k] for name, p in readouts.items()})
    state, own, said = (h_0[:, :1], c_0[:, :1]), [], []
    for x_t in x[:, :1]:
        shown, state = moment(x_t[None], state)
        own.append(state[1][0, 0])
        said.append(answer(shown[0, 0]) > 0)
    states.append(torch.stack(own))
    correct.append((torch.stack(said) == wanted).all(dim=1))
states, correct = torch.stack(states).detach(), torch.stack(correct)
weight_at = parameters["weight_hh_l0"][:, 0, 1]
# How far c moves at each character, and where brackets are that count or not.
moved = states.diff(dim=1, prepend=states.new_zeros(len(batches), 1, 2))
opens, closes = (
    torch.tensor([ch == bracket for ch in text]) for bracket in "()"
)
within, opens, closes = opens & inside, opens & ~inside, closes & ~inside"""
"""The code that computes `states`, `correct`, `weight_at`, `moved` and the masks."""
