"""The figure `reading`."""

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from ..layout import WIDE, words
from ..layout.choice import units_of
from ..layout.motifs import over_time
from ..layout.provenance import provenance, source
from ..layout.room import inner
from ..model.lstm import sigmoid
from ..model.tensors import Array
from ..names import visible
from ..proof.bindings import Sample, Says, Scale, Sentence, sentence
from ..proof.digits import counted, text
from ..proof.preamble.truth import (
    BRACKETS,
    OUTPUTS,
    TRUTH_SETUP,
    Truth,
    truth,
)
from ..proof.reference import Number, Ref, Vector
from ..proof.subject import Subject
from ..scene import metrics
from ..scene.marks import Box, Mark, Path, Text
from ..scene.scenes import Diagram, Head

MOST_STAVES = 3
"""The most rows that a sequence is broken over, so that its tokens fit."""
MOST_COLUMNS = 512
"""The most columns of gates that are marks of their own."""
MOST_VALUES = 16
"""The most single values that are printed."""
FEW = 8
"""The most steps of which every number is printed, where there is room."""
SHUTS = -5
"""A weight below this shuts a gate, whatever else stays as it is."""
LARGE, ROOMY = 0.25, 36.0
"""The share of a row's largest write from which on one is printed, where a
step has less room than this."""
NARROWEST, WIDEST = 1.5, 100.0
"""The width of a step."""
LETTER = 15.0
"""The size of tokens where there is room."""
PLOT, LANE, APART = 74.0, 14.0, 5.0
"""The heights of a line's plot and of a gate's lane, and what is between."""

BELOW = 13.0
"""From a line of writes to the next."""

MOST_ANSWERS = 4
"""The most answers of a read-out that are drawn."""

LANES = ("f", "i", "ig", "o")


class Reader(NamedTuple):
    """What the network says after each step, and what is true.

    Attributes:
        answers: Shape (seq_len, outputs).
        outputs: What each of them says.
        told: What is true after each step, where that is known.
        trained: Whether it was trained to say what is true.
        counting: The drawn unit whose c follows the depth, if one does.
        telling: The drawn unit whose h is large inside quotes and nowhere
            else, if one is so.
    """

    answers: Array
    outputs: tuple[str, ...]
    told: Truth | None
    trained: bool
    counting: int | None
    telling: int | None

    def answered(self, k: int, steps: slice) -> Vector:
        """One of the answers over steps."""
        of, first = Ref("answers"), steps.start
        return Vector(self.answers[steps, k], of, first=first, after=(0, k))


def depth_at(told: Truth, steps: slice) -> Vector:
    """How many brackets are open over steps."""
    depth = np.array(told.depth[steps])
    return Vector(depth, Ref("depth"), first=steps.start)


def reading(
    subject: Subject, room: float, *, units: tuple[int, ...] = ()
) -> Diagram:
    """What chosen units keep, write and show while a sequence is read.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        units: The units that are drawn, by default the two whose c changes
            most.
    """
    chosen = units_of(subject, units, _change(subject), 2)
    reader = _reader(subject, chosen)
    left = _gutter(subject, room, chosen, reader)
    staves, left_out, named = _staves(subject, room, left, len(chosen))
    only = {u: _printed(subject, room, u, len(chosen)) for u in chosen}
    marks: list[Mark] = []
    y = 0.0
    for number, steps in enumerate(staves):
        if number:
            y += 22
        stave, y = _stave(subject, steps, y, chosen, only, reader, named)
        marks += stave
    if reader and (pair := _shutting(subject, reader)):
        found, y = _weight(subject, *pair, y + 24, inner(room))
        marks += found
    return Diagram(
        _head(subject, chosen, reader, left_out),
        _description(subject, chosen, reader),
        inner(room),
        y,
        tuple(marks),
        room,
        _setup(subject, reader),
    )


def _change(subject: Subject) -> Array:
    """How much c of each unit changes in the whole sequence."""
    c = np.array([step.c[0] for step in subject.steps])
    change: Array = np.ptp(c, axis=0) if len(c) > 1 else abs(c[0])
    return change


def _reader(subject: Subject, chosen: tuple[int, ...]) -> Reader | None:
    """What the network answers, if it has a read-out, else None."""
    origin = subject.trace.origin
    readout = origin.readout
    if readout is None:
        return None
    is_told = readout.truth == BRACKETS and readout.outputs == OUTPUTS
    told = truth(origin.text) if is_told and origin.text else None
    h = np.array([step.h[0] for step in subject.steps])
    with np.errstate(over="ignore", invalid="ignore"):
        z = h @ readout.weight.T
        z = z if readout.bias is None else z + readout.bias
    answers = sigmoid(z)
    c = np.array([step.c[0] for step in subject.steps])
    counting = telling = None
    if told:
        follow = (u for u in chosen if _follows(c[:, u], told.depth))
        tell = (u for u in chosen if _tells(h[:, u], told.inside))
        counting, telling = next(follow, None), next(tell, None)
    return Reader(
        answers,
        tuple(map(_letters, readout.outputs)),
        told,
        bool(told and readout.trained) and not origin.edited,
        counting,
        telling,
    )


def _letters(name: str) -> str:
    """A name in letters whose width is known."""
    return "".join(c if c in metrics.CHARACTERS else "□" for c in name)


FOLLOWS = 0.95
"""From which correlation on a unit's c is said to follow the depth."""


def _follows(c: Array, depth: Sequence[int]) -> bool:
    if len(c) < 3 or not np.ptp(c) or not np.ptp(depth):
        return False
    return float(np.corrcoef(c, np.array(depth, c.dtype))[0, 1]) > FOLLOWS


def _tells(h: Array, inside: Sequence[bool]) -> bool:
    return any(inside) and bool(((h > 0.5) == np.array(inside)).all())


def _gutter(
    subject: Subject,
    room: float,
    chosen: tuple[int, ...],
    reader: Reader | None,
) -> float:
    """The width left of the steps: what lines are called, and ticks."""
    least = over_time.gutter(room)
    if least > over_time.CLOSE:
        return least
    ticks = [
        words.width(over_time.said(tick), words.SMALL)
        for unit in chosen
        for tick in over_time.ticks(
            *over_time.span(_values_of(subject, unit, reader))
        )
    ]
    names = ["o·tanh c" if subject.weights.proj_size else "h"]
    if reader and reader.counting is not None:
        names.append("depth")
    named = max(words.width(name, words.SMALL) for name in names)
    return min(over_time.CLOSE, max(least, named + max(ticks) + 17))


def _values_of(
    subject: Subject, unit: int, reader: Reader | None
) -> list[float]:
    """What the plot of a unit has to hold."""
    every = [float(step.c[0, unit]) for step in subject.steps]
    if reader and reader.told and reader.counting == unit:
        every += reader.told.depth
    return every


def _staves(
    subject: Subject, room: float, left: float, units: int
) -> tuple[list[over_time.Steps], int, bool]:
    """The rows of steps, how many steps are left out, and if tokens fit."""
    count, tokens = len(subject.steps), subject.trace.tokens
    space = inner(room) - left
    wide = min(WIDEST, over_time.widest(tokens, words.SMALL) + 1.2)
    rows = math.ceil(count / max(1, int(space / wide))) if tokens else 1
    named = bool(tokens) and rows <= MOST_STAVES and wide < WIDEST
    rows = rows if named else 1
    shown = min(count, int(space / NARROWEST) * rows)
    each = math.ceil(shown / rows)
    width = min(WIDEST, space / each)
    labels = [subject.label(t) for t in range(count)]
    many = shown * units * len(LANES) > MOST_COLUMNS
    return (
        [
            over_time.Steps(
                first, tuple(labels[first : min(first + each, shown)]), left,
                width, many,
            )
            for first in range(0, shown, each)
        ],
        count - shown,
        named,
    )  # fmt: skip


def _stave(
    subject: Subject,
    steps: over_time.Steps,
    y: float,
    chosen: tuple[int, ...],
    only: dict[int, list[int] | None],
    reader: Reader | None,
    named: bool,
) -> tuple[list[Mark], float]:
    """One row of steps: what is read, the units, what is answered."""
    of = [f"{lane}-{{t}}-{u}" for lane in LANES for u in chosen]
    marks: list[Mark] = []
    if named:
        read = _read(subject)
        large = max(13, over_time.widest(read, LETTER)) <= steps.width
        marks += over_time.tokens(
            steps,
            y + 10,
            read,
            of,
            size=LETTER if large else words.SMALL,
            strong='()"' if reader and reader.told else "",
        )
        top = y + 26
    else:
        marks += over_time.named(steps, y + 8, of)
        top = y + 22
    bottom = top
    for k, unit in enumerate(chosen):
        unit_marks, bottom = _unit(
            subject,
            steps,
            bottom + 14 * (k > 0),
            unit,
            len(chosen),
            only[unit],
            reader,
        )
        marks += unit_marks
    if reader:
        lanes, bottom = _answers(steps, bottom + 12, reader)
        marks += lanes
        if reader.told:
            inside = reader.told.inside
            marks = [*_shades(steps, y, bottom, inside), *marks]
    if named:
        marks += over_time.named(steps, bottom + 12, of)
        bottom += 22
    return marks, bottom


def _read(subject: Subject) -> list[str]:
    """The tokens in the order of processing."""
    tokens = subject.trace.tokens
    return [tokens[subject.label(t) - 1] for t in range(len(subject.steps))]


def _shades(
    steps: over_time.Steps, top: float, bottom: float, inside: Sequence[bool]
) -> list[Mark]:
    """A plane behind all that is read inside quotes."""
    marks: list[Mark] = []
    ts = [t for t in steps.ts if inside[t]]
    for t in ts:
        if t - 1 in ts:
            continue
        stop = t
        while stop in ts:
            stop += 1
        marks.append(
            Box(
                steps.edge(t), top, (stop - t) * steps.width, bottom - top,
                radius=3, fill="ink:7",
                bound=(Says(claim=f"bool(inside[{t}:{stop}].all())"),),
            )
        )  # fmt: skip
    return marks


def _unit(
    subject: Subject,
    steps: over_time.Steps,
    y: float,
    unit: int,
    among: int,
    only: Collection[int] | None,
    reader: Reader | None,
) -> tuple[list[Mark], float]:
    """One unit: c and h as lines, below them its gates as columns."""
    results = {
        name: subject.series(name, unit, steps.part)
        for name in ("c", "f", "i", "o")
    }
    projected = subject.weights.proj_size > 0
    shown = _shown(subject, unit, steps.part)
    written = results["i"] * subject.series("g", unit, steps.part)
    told = reader.told if reader and reader.counting == unit else None
    low, high = over_time.span(_values_of(subject, unit, reader))
    # Where there is little room at the left, the unit's name stands above.
    top = y if steps.left > over_time.CLOSE else y + 20
    scale = Scale(low, high, top + PLOT, top + 4)
    marks = over_time.axis(steps, scale, over_time.ticks(low, high))
    if told:
        marks += over_time.line(
            steps,
            scale,
            depth_at(told, steps.part),
            "muted",
            width=1.25,
            dash="3 3",
            id=f"depth-{steps.first}",
        )
    marks += over_time.line(
        steps, scale, shown, "h", width=1.25,
        id=f"h-{steps.first}-{unit}", term="h",
    )  # fmt: skip
    marks += over_time.line(
        steps, scale, results["c"], "ink", width=2.5,
        id=f"c-{steps.first}-{unit}", term="c",
    )  # fmt: skip
    bottom = top + PLOT + 8
    marks += _legend(steps, y, top, unit, told is not None, projected)
    every = [results["c"], shown, *(results[g] for g in "fio"), written]
    roomy = (
        len(subject.steps) <= FEW
        and steps.width >= ROOMY
        and all(_fits(steps, values) for values in every)
    )
    if roomy:
        bottom += 6
        name = "o·tanh c" if projected else "h"
        tensor = "o*tanh_c" if projected else "h"
        for label, key, values in (
            ("c", "c", results["c"]), (name, tensor, shown)
        ):  # fmt: skip
            id = f"{'c' if key == 'c' else 'h'}-{{t}}-{unit}-value"
            row = _row(steps, bottom + 5, values, id, "ink")
            marks += [
                *row,
                words.label(
                    steps.left - 6, bottom + 5, label,
                    {"tensor": key, "unit": unit}, [n.id for n in row], "row",
                    style=words.FINE, fill="ink", anchor="end",
                ),
            ]  # fmt: skip
            bottom += 17
        bottom += 6
    for lane in LANES:
        height = LANE + (10 if lane == "ig" else 0)
        values = written if lane == "ig" else results[lane]
        paint = "gate-g" if lane == "ig" else f"gate-{lane}"
        id = f"{lane}-{{t}}-{unit}"
        marks += over_time.columns(
            steps, bottom, height, values, paint, id=id,
            term="i g" if lane == "ig" else lane, low=-1 if lane == "ig" else 0,
        )  # fmt: skip
        of = list(dict.fromkeys(steps.column_id(id, t) for t in steps.ts))
        middle = bottom + height / 2
        bottom += height + APART
        printed: list[Text] = []
        if roomy:
            printed = _row(steps, bottom + 5, values, f"{id}-value", paint)
        elif lane == "ig":
            printed = _values(subject, steps, bottom + 5, unit, among, only)
        marks += printed
        lines = len({number.y for number in printed})
        bottom += lines and 17 + BELOW * (lines - 1)
        of += [number.id for number in printed]
        marks += _lane_words(steps, middle, lane, unit, of, paint)
    return marks, bottom - APART


def _lane_words(
    steps: over_time.Steps,
    y: float,
    lane: str,
    unit: int,
    of: Sequence[str],
    paint: str,
) -> list[Mark]:
    if lane == "ig":
        names: dict[str, object] = {"tensor": "i*g", "unit": unit}
        return over_time.lane_words(
            steps, y, "i·g", "written", names, of, paint=paint, term="i g"
        )
    return over_time.lane_words(
        steps, y, lane, over_time.VERBS[lane], {"gate": lane, "unit": unit},
        of, paint=paint, term=lane,
    )  # fmt: skip


def _legend(
    steps: over_time.Steps,
    y: float,
    top: float,
    unit: int,
    counting: bool,
    projected: bool,
) -> list[Mark]:
    """The name of the unit, and what its lines are."""
    of = [f"{name}-{steps.first}-{unit}" for name in ("c", "h")]
    marks: list[Mark] = [
        words.label(
            0, y + (10 if top == y else 6), f"unit {unit}", {"unit": unit},
            of, "block", style=words.STRONG,
        )
    ]  # fmt: skip
    lines = [("c", "ink", 2.5, "", {"tensor": "c", "unit": unit}, of[0])]
    # With a projection, h is of no unit.
    shown, tensor = ("o·tanh c", "o*tanh_c") if projected else ("h", "h")
    names = {"tensor": tensor, "unit": unit}
    lines.append((shown, "h", 1.25, "", names, of[1]))
    if counting:
        lines.append(
            ("depth", "muted", 1.25, "3 3", {"tensor": "depth"},
             f"depth-{steps.first}")
        )  # fmt: skip
    for k, (name, paint, width, dash, names, id) in enumerate(lines):
        level = top + (28 if top == y else 12) + 16 * k
        sample = 14.0 if steps.left > over_time.CLOSE else 5.0
        if steps.left == over_time.CLOSE and len(name) > 5:
            # Its name takes all there is; it has the colour of the line.
            sample = -2.0
        if sample > 0:
            marks.append(
                Path(
                    (("M", (0, level)), ("L", (sample, level))), stroke=paint,
                    stroke_width=width, dash=dash, bound=(Sample((id,)),),
                )
            )  # fmt: skip
        marks.append(
            words.label(
                sample + (4 if steps.left > over_time.CLOSE else 2), level,
                name, names, [id], "band", style=words.FINE, fill=paint,
            )
        )  # fmt: skip
    return marks


def _values(
    subject: Subject,
    steps: over_time.Steps,
    y: float,
    unit: int,
    among: int,
    only: Collection[int] | None = None,
) -> list[Text]:
    """Writes in numbers where c changes most, those below zero in a lower line.

    A number and a negative one beside it would read as a subtraction.
    """
    staves = math.ceil(len(subject.steps) / len(steps.labels))
    changes = [
        abs(float(subject.steps[t].c[0, unit]) - _before(subject, t, unit))
        for t in steps.ts
    ]
    i, g = (subject.series(name, unit, steps.part) for name in "ig")
    writes = i * g
    sizes = [abs(float(n.value)) for n in writes]
    least = LARGE * max(sizes)
    ranks = [
        -1 if size < least and steps.width < ROOMY else change
        for size, change in zip(sizes, changes, strict=True)
    ]
    marks: list[Text] = []
    for sign in (1, -1):
        own = [
            rank if float(n.value) * sign > 0 else -1
            for rank, n in zip(ranks, writes, strict=True)
        ]
        marks += over_time.singles(
            steps, y + BELOW * bool(marks), writes, own, lambda _: "gate-g",
            most=max(1, MOST_VALUES // (among * staves)), among=only,
            id=f"ig-{{t}}-{unit}-value", term="i g",
        )  # fmt: skip
    return marks


def _row(
    steps: over_time.Steps,
    y: float,
    values: Sequence[Number],
    id: str,
    paint: str,
) -> list[Text]:
    """Every value in a number; `y` is their middle."""
    return [
        words.number(
            steps.middle(t), y, value, size=words.SMALL,
            room=int(steps.width / 7.5), fill=paint, id=id.format(t=t),
            term=id[: id.index("-")].replace("ig", "i g"),
        )
        for t, value in zip(steps.ts, values, strict=True)
    ]  # fmt: skip


def _fits(steps: over_time.Steps, values: Sequence[Number]) -> bool:
    """Whether numbers beside each other do not touch."""
    row = _row(steps, 0, values, "c-{t}", "ink")
    return max(number.width for number in row) + 2 <= steps.width


def _before(subject: Subject, t: int, unit: int) -> float:
    return float(subject.steps[t].c_prev[0, unit])


def _printed(
    subject: Subject, room: float, unit: int, among: int
) -> list[int] | None:
    """The steps of which a unit's write is printed in the wide form."""
    if room == WIDE:
        return None
    staves, _, _ = _staves(subject, WIDE, over_time.gutter(WIDE), among)
    return over_time.steps_of(
        mark
        for steps in staves
        for mark in _values(subject, steps, 0, unit, among)
    )


def _answers(
    steps: over_time.Steps, y: float, reader: Reader
) -> tuple[list[Mark], float]:
    """How sure the network is of each answer, and what is true."""
    marks: list[Mark] = []
    true: tuple[list[bool], ...] = ()
    if reader.told:
        true = (
            [bool(inside) for inside in reader.told.inside],
            [not depth for depth in reader.told.depth],
        )
    claims = ("bool(inside[{}])", "int(depth[{}]) == 0")
    for k, name in enumerate(reader.outputs[:MOST_ANSWERS]):
        marks += over_time.columns(
            steps, y, LANE, reader.answered(k, steps.part), "ink:60",
            id=f"says-{{t}}-{k}", term="",
        )  # fmt: skip
        for t in steps.ts:
            x, width = steps.column(t)
            if true and true[k][t]:
                marks.append(
                    Box(
                        x, y, width, LANE, stroke="ink", dash="2 1.5",
                        bound=(Says(claim=claims[k].format(t)),),
                    )
                )  # fmt: skip
        said, expr = _named(name, f"outputs[{k}]", steps.left)
        marks.append(
            words.label(
                0, y + LANE / 2, said,
                {"tensor": "answers", "row": k},
                list(
                    dict.fromkeys(
                        steps.column_id(f"says-{{t}}-{k}", t) for t in steps.ts
                    )
                ),
                "band",
                style=words.FINE, fill="ink", says=Says(((said, expr),)),
            )
        )  # fmt: skip
        y += LANE + APART
    return marks, y - APART


def _named(name: str, expr: str, room: float) -> tuple[str, str]:
    """What an answer is called where there is room, and its expression."""
    if room <= over_time.CLOSE:
        name, expr = name.split()[-1], f"{expr}.split()[-1]"
    said, kept = name, len(name)
    while words.width(said, words.SMALL) > room - 4:
        kept -= 1
        said = f"{name[:kept]}…"
    return said, expr if said == name else f'{expr}[:{kept}] + "…"'


def _shutting(subject: Subject, reader: Reader) -> tuple[int, int] | None:
    """The unit that counts, and the one that shuts its input gate, if so."""
    counts, tells = reader.counting, reader.telling
    if counts is None or tells is None:
        return None
    weight = subject.parameter("weight_hh", counts, tells).value
    return (counts, tells) if weight < SHUTS else None


def _weight(
    subject: Subject, counting: int, telling: int, y: float, room: float
) -> tuple[list[Mark], float]:
    """The weight by which one unit shuts the gate of another, and what it does.

    `y` is the middle of its line.
    """
    weight = subject.parameter("weight_hh", counting, telling)
    name = words.label(
        0, y, f"{subject.parameter_name('weight_hh')}[{counting}, {telling}]",
        {"tensor": "weight_hh", "row": counting, "input": telling},
        ["weight"], "row", style=words.FINE_CODE, fill="ink",
    )  # fmt: skip
    number = words.number(
        name.width + 20, y, weight, size=words.SMALL, places=1,
        anchor="start", bold=True, id="weight", term="weight_hh i",
    )  # fmt: skip
    right = number.left + number.width + 14
    beside = room >= 2 * right
    said, bottom = words.paragraph(
        right if beside else 0, y - words.LINE / 2 if beside else y + 9,
        sentence(
            "Inside quotes unit {} is on, and this weight shuts the input gate "
            "of unit {}: brackets there are not counted.",
            (telling, str(telling)),
            (counting, str(counting)),
            claim=f"{weight.expr} < {SHUTS}",
        ),
        room - right if beside else room,
    )  # fmt: skip
    equals = words.operator(name.width + 10, y, "=")
    return [name, equals, number, said], bottom


def _head(
    subject: Subject,
    chosen: tuple[int, ...],
    reader: Reader | None,
    left_out: int,
) -> Head:
    count, size = len(subject.steps), subject.weights.hidden_size
    notes = [
        sentence(
            "A column is as full as its gate is open. i·g is what is written "
            "into c, and "
            + (
                "h is o·tanh c."
                if subject.weights.weight_hr is None
                else "o·tanh c is projected to h."
            )
        )
    ]
    if reader:
        notes += _answering(reader)
    if len(chosen) < size:
        one = len(chosen) == 1
        few = "{} unit of {} is drawn." if one else "{} of {} units are drawn."
        notes.append(
            sentence(
                few, (len(chosen), str(len(chosen))), (size, "c.shape[-1]")
            )
        )
    if left_out:
        notes.append(over_time.left_out(subject, left_out))
    return Head(
        _title(subject, chosen, reader),
        _lead(subject, reader),
        provenance(subject, ("{} steps", count, "len(x)")),
        tuple(notes),
        source(subject),
    )


def _answering(reader: Reader) -> list[Sentence]:
    """What the last rows are."""
    if reader.told:
        return [
            sentence(
                "Shaded: inside quotes. In the last two rows a dashed outline "
                "is the truth, the filled part what the network says."
            )
        ]
    notes = [
        sentence(
            "At the bottom, what the network answers: a full column is yes, an "
            "empty one no."
        )
    ]
    count = len(reader.outputs)
    if count > MOST_ANSWERS:
        notes.append(
            sentence(
                "{} of {} answers are drawn.",
                (MOST_ANSWERS, f"len(outputs[:{MOST_ANSWERS}])"),
                (count, "len(outputs)"),
            )
        )
    return notes


def _title(
    subject: Subject, chosen: tuple[int, ...], reader: Reader | None
) -> Sentence:
    if reader and reader.counting is not None and reader.telling is not None:
        counts, tells = reader.counting, reader.telling
        return sentence(
            "Unit {} counts brackets, unit {} spots quotes",
            (counts, _FOLLOWING.format(list(chosen), FOLLOWS)),
            (tells, _TELLING.format(list(chosen))),
        )
    count = len(chosen)
    if count == 1:
        (unit,) = chosen
        return sentence(
            "What unit {} keeps, writes and shows", (unit, str(unit))
        )
    return sentence("What {} units keep, write and show", (count, str(count)))


_FOLLOWING = """\
[k for k in {} if torch.corrcoef(torch.stack(\
[c[:, 0, k], depth.float()]))[0, 1] > {}][0]"""
_TELLING = """\
[k for k in {} if ((output[:, 0, k] > 0.5) == inside).all()][0]"""


def _lead(subject: Subject, reader: Reader | None) -> Sentence:
    if reader and reader.trained:
        return sentence(
            "Trained to say after each character: inside quotes? all closed? "
            "Nobody told it to count."
        )
    if subject.weights.proj_size:
        return sentence(
            "c is the memory of a unit, o·tanh c what it shows of it, before "
            "the projection.",
            claim="o.shape[-1] > output.shape[-1]",
        )
    return sentence("c is the memory of a unit, h what it shows of it.")


def _setup(subject: Subject, reader: Reader | None) -> str:
    lines = over_time.tokens_setup(subject.trace)
    if reader:
        lines += [
            *([TRUTH_SETUP] if reader.told else []),
            subject.trace.origin.answering,
            "answers = torch.sigmoid(readout(output))",
            f"outputs = {list(reader.outputs)}",
        ]
    return "\n".join(lines)


def _description(
    subject: Subject, chosen: tuple[int, ...], reader: Reader | None
) -> str:
    """What happens, told from the numbers: the largest changes.

    Of few steps every number is told, as every number may be printed.
    """
    tokens = _read(subject) if subject.trace.tokens else []
    read = ""
    if subject.trace.origin.text:
        read = f": {''.join(tokens)}"
    elif tokens:
        read = f": {' '.join(map(visible, tokens))}"
    parts = [f"{counted(len(subject.steps), 'step')}{read}."]
    for unit in chosen:
        values = [step.c[0, unit] for step in subject.steps]
        writes = [
            (abs(float(p.value)), t, p)
            for t in range(len(values))
            for p in [subject.product("i", "g", t)[unit]]
            if np.isfinite(p.value)
        ]
        largest = sorted(writes, key=lambda w: (-w[0], w[1]))[:8]
        said = "; ".join(
            f"step {subject.label(t)}"
            + (f" ({visible(tokens[t])})" if tokens else "")
            + f" writes {text(p.value)}, c becomes {text(values[t])}"
            for _, t, p in sorted(largest, key=lambda w: w[1])
        )
        parts.append(f"Unit {unit}: {said or 'nothing finite is written'}.")
        if len(subject.steps) <= FEW:
            parts += [_told(subject, t, unit) for t in range(len(values))]
    if reader and (pair := _shutting(subject, reader)):
        counts, tells = pair
        weight = subject.parameter("weight_hh", counts, tells)
        parts.append(
            f"The weight by which unit {tells} shuts the input gate of unit "
            f"{counts} is {text(weight.value, 1)}."
        )
    return " ".join(parts)


def _told(subject: Subject, t: int, unit: int) -> str:
    """States and gates of one step."""
    value = {name: text(subject.vector(name, t)[unit].value) for name in "cfio"}
    shown = "o·tanh c" if subject.weights.proj_size else "h"
    (now,) = _shown(subject, unit, slice(t, t + 1))
    return (
        f"At step {subject.label(t)} c is {value['c']}, {shown} is "
        f"{text(now.value)}, f is {value['f']}, i is {value['i']}, o is "
        f"{value['o']}."
    )


def _shown(subject: Subject, unit: int, steps: slice) -> Vector:
    """What a unit shows: h, or what a projection makes h of."""
    if subject.weights.proj_size:
        o, tanh_c = (subject.series(n, unit, steps) for n in ("o", "tanh_c"))
        return o * tanh_c
    return subject.series("h", unit, steps)
