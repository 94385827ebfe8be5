"""The figure `writes`."""

import math
from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from ..layout import WIDE, words
from ..layout.motifs import over_time
from ..layout.provenance import provenance, source
from ..layout.room import inner
from ..model.tensors import Array
from ..proof.bindings import Course, Sample, Scale, Sentence, sentence
from ..proof.digits import counted, text
from ..proof.subject import Subject
from ..scene.marks import Mark, Path, Text
from ..scene.scenes import Diagram, Head

MOST_STRIPES = 40
"""The most writes that have a stripe each; the others share two."""
SMALL = 0.02
"""The share of the highest pile that a stripe of its own has at its highest."""
MOST_VALUES = 16
"""The most writes that are printed."""
LARGE = 0.25
"""The share of the largest write from which on one is printed."""
PLOT, LANE, APART = 190.0, 14.0, 5.0
LEGEND, APART_FROM_TICKS = 22.0, 14.0
"""The width of what the line of c is called, and how far it is from ticks that
have no room beside it."""
NARROWEST, WIDEST = 1.5, 100.0


class Stripe(NamedTuple):
    """What one write, or several small ones, left in c.

    Attributes:
        writes: Which: 0 is c_0, then the steps, counted from 1 in the order
            of processing.
        heights: What is left of it after each step.
        low: Where it begins, seen from 0.
        high: Where it ends.
    """

    writes: tuple[int, ...]
    heights: Array
    low: Array
    high: Array


def writes(subject: Subject, room: float, *, unit: int = 0) -> Diagram:
    """The cell state of a unit as the stripes that were written into it.

    Args:
        subject: What is drawn.
        room: The width that the figure may use.
        unit: The unit that is drawn.
    """
    subject.check("unit", unit, subject.weights.hidden_size)
    steps = _steps(subject, room)
    stripes = _stripes(subject, unit, len(steps.labels))
    tokens = subject.trace.tokens
    size = words.SMALL if steps.width < 13 else 15.0
    named = bool(tokens) and over_time.widest(tokens, size) + 0.4 <= steps.width
    of = [f"{gate}-{{t}}-{unit}" for gate in "fi"]
    marks: list[Mark] = []
    if named:
        read = [tokens[label - 1] for label in steps.labels]
        marks += over_time.tokens(steps, 10, read, of, size=size)
    y = 26.0 if named else 4.0
    narrow = room < WIDE
    written, lost = _printed(subject, unit) if narrow else (None, None)
    added = _values(subject, steps, unit, stripes, y + 8, True, written)
    marks += _written(steps, y + 8, unit, added)
    y += 18 if added else 0
    scale = _scale(stripes, y + (6 if steps.left > over_time.CLOSE else 28))
    y = scale.start
    taken = _values(subject, steps, unit, stripes, y + 18, False, written)
    marks += _plot(subject, steps, unit, stripes, scale, [*added, *taken])
    marks += _written(steps, y + 18, unit, taken)
    y += 28 if taken else 8
    forgotten = _forgotten(subject, steps, unit, stripes, y + 8, lost)
    marks += forgotten
    y += 18 if forgotten else 6
    for gate in "fi":
        more = [mark.id for mark in forgotten] if gate == "f" else []
        marks += _lane(subject, steps, gate, unit, y, more)
        y += LANE + APART
    marks += over_time.named(steps, y + 6, of)
    return Diagram(
        _head(subject, steps, unit, stripes, [*added, *taken]),
        _description(
            subject,
            unit,
            stripes,
            len(steps.labels),
            [*added, *taken],
            forgotten,
        ),
        inner(room),
        y + 14,
        tuple(marks),
        room,
        _setup(subject, unit, stripes, len(steps.labels), marks),
    )


def _steps(subject: Subject, room: float) -> over_time.Steps:
    """The steps that are drawn: all that have room."""
    left = over_time.gutter(room)
    space = inner(room) - left
    count = len(subject.steps)
    shown = min(count, int(space / NARROWEST))
    labels = tuple(subject.label(t) for t in range(shown))
    return over_time.Steps(0, labels, left, min(WIDEST, space / shown))


def _stripes(subject: Subject, unit: int, count: int) -> list[Stripe]:
    """Every write with what is left of it, small ones together by sign."""
    steps = subject.steps[:count]
    f = np.array([s.f[0, unit] for s in steps], np.float64)
    written = [
        float(steps[0].c_prev[0, unit]),
        *(float(s.i[0, unit]) * float(s.g[0, unit]) for s in steps),
    ]
    left = np.zeros((count + 1, count))
    for write, value in enumerate(written):
        first = max(write - 1, 0)
        faded = np.cumprod([1.0 if write else f[0], *f[first + 1 :]])
        left[write, first:] = value * faded
    if not np.isfinite(left).all():
        return []
    most = max(
        abs(left.clip(min=0).sum(0)).max(), abs(left.clip(max=0).sum(0)).max()
    )
    peaks = abs(left).max(axis=1)
    ranked = np.argsort(-peaks, kind="stable")[:MOST_STRIPES]
    own = sorted(int(w) for w in ranked if peaks[w] > SMALL * most)
    rest = [w for w in range(count + 1) if w not in own and peaks[w] > 0]
    shared = [tuple(w for w in rest if written[w] * s > 0) for s in (1, -1)]
    own += [group[0] for group in shared if len(group) == 1]
    groups: list[tuple[int, ...]] = [(w,) for w in sorted(own)]
    groups += [group for group in shared if len(group) > 1]
    stripes, piles = [], {True: np.zeros(count), False: np.zeros(count)}
    for group in groups:
        heights = left[list(group)].sum(0)
        up = written[group[0]] > 0
        low = piles[up]
        piles[up] = low + heights
        stripes.append(Stripe(group, heights, low, piles[up]))
    return stripes


def _scale(stripes: Sequence[Stripe], top: float) -> Scale:
    """Where values of c and of the piles are."""
    edges = [
        0.0,
        *(e for one in stripes for e in (one.high.min(), one.high.max())),
    ]
    low, high = min(edges), max(edges)
    reach = max(high - low, 1e-30)
    magnitude = 10.0 ** math.floor(math.log10(reach))
    least, most = (
        math.floor(low / magnitude * 4) / 4 * magnitude,
        math.ceil(high / magnitude * 4) / 4 * magnitude,
    )
    if least == most:
        least, most = -1.0, 1.0
    return Scale(least, most, top + PLOT, top)


def _plot(
    subject: Subject,
    steps: over_time.Steps,
    unit: int,
    stripes: Sequence[Stripe],
    scale: Scale,
    values: Sequence[Text],
) -> list[Mark]:
    """The stripes, piled up from 0 in the order of writing, and their sum."""
    ticks = over_time.ticks(scale.low, scale.high)
    marks = over_time.axis(steps, scale, ticks)
    shades = {True: 0, False: 0}
    for k, stripe in enumerate(stripes):
        up = stripe.heights.sum() > 0
        alone = len(stripe.writes) == 1
        role = "pos" if up else "neg"
        paint = f"{role}:{(100, 70)[shades[up] % 2]}" if alone else f"{role}:40"
        shades[up] += 1
        marks.append(_area(steps, scale, stripe, k, paint))
    marks += _leaders(values, scale)
    zero = scale(0)
    marks.append(
        Path((("M", (steps.left, zero)), ("L", (steps.right, zero))),
             stroke="muted", stroke_width=0.75)
    )  # fmt: skip
    c = subject.series("c", unit, steps.part)
    for paint, width, id in (("paper", 4.5, ""), ("ink", 2.25, f"c-{unit}")):
        drawn = over_time.line(
            steps,
            scale,
            c,
            paint,
            width=width,
            id=id,
            term="c" * bool(id),
        )
        marks += drawn if id else [m._replace(bound=()) for m in drawn]
    wide = steps.left > over_time.CLOSE
    level = scale.stop + (28 if wide else 10)
    longest = max(words.width(over_time.said(t), words.SMALL) for t in ticks)
    if steps.left - 6 - longest < LEGEND:
        # What has no room beside the ticks stands between two of them.
        while any(
            abs(level - scale(tick)) < APART_FROM_TICKS for tick in ticks
        ):
            level += 4
    marks += [
        words.label(
            0, scale.stop + (8 if wide else -16), f"unit {unit}",
            {"unit": unit}, [f"c-{unit}"], "block", style=words.STRONG,
        ),
        Path((("M", (0, level)), ("L", (8, level))),
             stroke="ink", stroke_width=2.25,
             bound=(Sample((f"c-{unit}",)),)),
        words.label(
            11, level, "c", {"tensor": "c", "unit": unit},
            [f"c-{unit}"], "band", style=words.FINE, fill="ink",
        ),
    ]  # fmt: skip
    return marks


def _area(
    steps: over_time.Steps, scale: Scale, stripe: Stripe, k: int, paint: str
) -> Path:
    """One stripe, as columns without gaps from its first step on."""
    first = int(np.flatnonzero(stripe.heights)[0])
    shown = range(first, len(stripe.heights))
    there = [
        (x, scale(stripe.high[t]))
        for t in shown
        for x in (steps.edge(t), steps.edge(t) + steps.width)
    ]
    back = [
        (x, scale(stripe.low[t]))
        for t in reversed(shown)
        for x in (steps.edge(t) + steps.width, steps.edge(t))
    ]
    start, *others = [*there, *back]
    lines = [("L", point) for point in others]
    return Path(
        (("M", start), *lines, ("Z",)), fill=paint, stroke="paper",
        stroke_width=min(0.75, steps.width / 12), compact=len(shown) > 60,
        id=f"stripe-{k}", term="i g",
        bound=(Course(f"edges[{k}]", "area", steps.scale, scale),),
    )  # fmt: skip


def _values(
    subject: Subject,
    steps: over_time.Steps,
    unit: int,
    stripes: Sequence[Stripe],
    y: float,
    up: bool,
    only: Collection[int] | None,
) -> list[Text]:
    """The largest writes of one sign in numbers; `y` is their middle.

    Where there are no stripes, for a number is not finite, all stand above.
    """
    own = {w - 1 for one in stripes if len(one.writes) == 1 for w in one.writes}
    i, g = (subject.series(name, unit, steps.part) for name in "ig")
    products = i * g
    sizes = [abs(float(n.value)) for n in products]
    if stripes:
        sizes = [s if t in own else -1 for t, s in enumerate(sizes)]
        least = LARGE * max(sizes)
        sizes = [
            s if s >= least and (float(n.value) > 0) == up else -1
            for s, n in zip(sizes, products, strict=True)
        ]
    elif not up:
        return []
    id = f"ig-{{t}}-{unit}"
    return over_time.singles(
        steps, y, products, sizes,
        lambda value: "pos" if value > 0 else "neg", most=MOST_VALUES // 2,
        among=only, id=id, term="i g",
    )  # fmt: skip


def _forgotten(
    subject: Subject,
    steps: over_time.Steps,
    unit: int,
    stripes: Sequence[Stripe],
    y: float,
    only: Collection[int] | None,
) -> list[Text]:
    """The forget gate in numbers, where it makes the pile much smaller."""
    values = subject.series("f", unit, steps.part)
    if not stripes:
        return []
    pile = abs(np.array([one.heights for one in stripes])).sum(0)
    lost = [
        (1 - float(f.value)) * (pile[t - 1] if t else 0)
        for t, f in enumerate(values)
    ]
    least = LARGE * pile.max()
    id = f"f-{{t}}-{unit}-value"
    return over_time.singles(
        steps, y, values, [one if one > least else -1 for one in lost],
        lambda _: "gate-f", most=MOST_VALUES // 2, among=only,
        id=id, term="f",
    )  # fmt: skip


def _printed(subject: Subject, unit: int) -> tuple[set[int], set[int]]:
    """The steps of the writes and of the f that the wide form prints."""
    steps = _steps(subject, WIDE)
    stripes = _stripes(subject, unit, len(steps.labels))
    written = [
        *_values(subject, steps, unit, stripes, 0, True, None),
        *_values(subject, steps, unit, stripes, 0, False, None),
    ]
    forgotten = _forgotten(subject, steps, unit, stripes, 0, None)
    return set(over_time.steps_of(written)), set(over_time.steps_of(forgotten))


def _written(
    steps: over_time.Steps, y: float, unit: int, values: Sequence[Text]
) -> list[Mark]:
    """A row of writes, and what they are."""
    if not values:
        return []
    return [
        *values,
        *over_time.lane_words(
            steps, y, "i·g", "written", {"tensor": "i*g", "unit": unit},
            [number.id for number in values], paint="gate-g", term="i g",
        ),
    ]  # fmt: skip


def _leaders(values: Sequence[Text], scale: Scale) -> list[Mark]:
    """A dotted line from each number to where its stripe begins or ends.

    Paper is below it, for dots cannot be seen on a dark stripe.
    """
    zero = scale(0)
    return [
        Path(
            (("M", (v.x, v.y + 4 if v.y < zero else v.y - 12)),
             ("L", (v.x, zero))),
            stroke=paint, stroke_width=width, dash=dash,
        )
        for v in values
        for paint, width, dash in (("paper", 2, ""), ("ink", 1, "1.5 2.5"))
    ]  # fmt: skip


def _lane(
    subject: Subject,
    steps: over_time.Steps,
    gate: str,
    unit: int,
    y: float,
    more: Sequence[str],
) -> list[Mark]:
    """One gate as columns, and what it is called."""
    values = subject.series(gate, unit, steps.part)
    paint = f"gate-{gate}"
    marks = over_time.columns(
        steps,
        y,
        LANE,
        values,
        paint,
        id=f"{gate}-{{t}}-{unit}",
        term=gate,
    )
    names: dict[str, object] = {"gate": gate, "unit": unit}
    return marks + over_time.lane_words(
        steps, y + LANE / 2, gate, over_time.VERBS[gate], names,
        [f"{gate}-*-{unit}", *more], paint=paint, term=gate,
    )  # fmt: skip


def _head(
    subject: Subject,
    steps: over_time.Steps,
    unit: int,
    stripes: Sequence[Stripe],
    printed: Sequence[Text],
) -> Head:
    count, shown = len(subject.steps), len(steps.labels)
    told = sorted(int(mark.id.split("-")[1]) for mark in printed)
    notes = [
        sentence(
            "Each stripe is what one step wrote, i·g; at every later step its "
            "height is multiplied by f. They are piled up from zero in the "
            "order of writing. Blue adds to c, red takes from it; some of "
            "the largest are printed.",
            claim=f"own == sorted(own) and all(abs(written[t + 1]) >= "
            f"{LARGE} * max(written[1:].abs()) for t in {told})",
        )
    ]
    if any(len(one.writes) > 1 for one in stripes):
        notes.append(
            sentence(
                "Light and dark tell neighbours apart; the palest stripes "
                "are many small writes together.",
                claim="len(groups) > len(own) and (lambda peaks: all("
                "peaks[small] <= peaks[large] for group in groups[len(own):] "
                "for small in group for large, in own "
                "if written[small] * written[large] > 0))"
                "(left.abs().amax(1).tolist())",
            )
        )
    if any(one.writes == (0,) for one in stripes):
        notes.append(
            sentence(
                "The first stripe is the state at the start.",
                claim="groups[0] == [0] and bool(c_prev[0].any())",
            )
        )
    if not stripes:
        read = f"torch.stack([i, f, g, c_prev])[:, :{shown}, 0, {unit}]"
        notes = [
            sentence(
                "A number is not finite, so there are no stripes.",
                claim=f"not bool({read}.isfinite().all())",
            )
        ]
    if shown < count:
        notes.append(over_time.left_out(subject, count - shown))
    return Head(
        _title(unit, bool(stripes), shown),
        _lead(stripes),
        provenance(
            subject, ("{} steps", count, "len(x)"), ("unit {}", unit, str(unit))
        ),
        tuple(notes),
        source(subject),
    )


def _lead(stripes: Sequence[Stripe]) -> Sentence:
    """What the stripes have to do with the line."""
    if not stripes:
        return sentence("The line is c.")
    signs = {bool(one.heights.sum() > 0) for one in stripes}
    if len(signs) > 1:
        return sentence(
            "The line is c, the memory of the unit. At every step it is blue "
            "minus red.",
            claim="bool((parts > 0).any() and (parts < 0).any())",
        )
    return sentence(
        "The line is c, the memory of the unit. At every step it is all "
        "stripes together.",
        claim="not bool((parts > 0).any() and (parts < 0).any())",
    )


def _title(unit: int, is_piled: bool, shown: int) -> Sentence:
    if not is_piled:
        return sentence("The cell state of a unit")
    claim = (
        f"torch.allclose(parts.sum(0), c[:{shown}, 0, {unit}].double(), "
        "rtol=1e-4, atol=1e-4 * parts.abs().max().item())"
    )
    return sentence("A cell state is what was written, faded", claim=claim)


def _setup(
    subject: Subject,
    unit: int,
    stripes: Sequence[Stripe],
    shown: int,
    marks: Sequence[Mark],
) -> str:
    """Python that makes the tokens, and the edges of the stripes."""
    lines = over_time.tokens_setup(subject.trace, marks)
    if stripes:
        lines.append(
            _STRIPES.format(
                unit=unit,
                shown=shown,
                groups=[list(one.writes) for one in stripes],
            )
        )
    return "\n".join(lines)


_STRIPES = """\
# What was there at the start and what each step wrote, and what is left of it
# after each step: it is multiplied by f once a step.
kept, written = f[:{shown}, 0, {unit}].double(), (i * g)[:{shown}, 0, {unit}]
written = torch.cat([c_prev[:1, 0, {unit}], written]).double()
left = torch.zeros(len(kept) + 1, len(kept), dtype=torch.float64)
for s in range(len(left)):
    left[s, s:] = written[s] * kept[s:].cumprod(0)
    left[s, s - 1 : s] = written[s]
# The stripes, as they are piled up: what adds upwards, what takes downwards.
groups = {groups}
own = [group for group in groups if len(group) == 1]
parts = torch.stack([left[group].sum(0) for group in groups])
ups, downs = parts.clamp(min=0).cumsum(0), parts.clamp(max=0).cumsum(0)
edges = [
    torch.stack([pile[k] - parts[k], pile[k]])
    for k in range(len(parts))
    for pile in [ups if parts[k].sum() > 0 else downs]
]"""


def _description(
    subject: Subject,
    unit: int,
    stripes: Sequence[Stripe],
    shown: int,
    printed: Sequence[Text],
    forgotten: Sequence[Text],
) -> str:
    """The largest stripes, and all that are printed: what is left of them.

    Also where all of them are made much smaller, as `forgotten` prints it.
    """
    own = [one for one in stripes if len(one.writes) == 1 and one.writes[0]]
    own.sort(key=lambda one: -abs(one.heights).max())
    ts = over_time.steps_of(printed)
    told = own[:8] + [one for one in own[8:] if one.writes[0] - 1 in ts]
    said = [
        f"step {subject.label(w - 1)} writes {text(one.heights[w - 1])}, of "
        f"which {text(one.heights[-1])} is left at the end"
        for one in sorted(told, key=lambda one: one.writes)
        for w in one.writes
    ]
    said = said or ["nothing large is written"]
    said += [
        f"at step {subject.label(t)} f is {text(subject.steps[t].f[0, unit])}"
        for t in over_time.steps_of(forgotten)
    ]
    joined = "; ".join(said)
    last = subject.steps[shown - 1].c[0, unit]
    return (
        f"The cell state of unit {unit} over {counted(shown, 'step')} as "
        f"stripes. {joined.capitalize()}. In the end c is {text(last)}."
    )
