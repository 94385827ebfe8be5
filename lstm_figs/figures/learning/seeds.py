"""The form `--of seeds`: when networks with other seeds learn quotes, one row each."""

from collections.abc import Sequence

import numpy as np

from ...layout import styles, words
from ...layout.margins import inner_width
from ...layout.motifs import charts
from ...layout.provenance import provenance, source
from ...model.layer_run import LayerRun
from ...model.origin import Seed, Training
from ...model.reference import Number, Ref
from ...proof.bindings import Place, Scale, Sentence, sentence
from ...proof.literals import literal
from ...scene.marks import Box, Mark
from ...scene.scenes import Diagram, Head

STRIDE = 4
"""Draw every fourth value that was recorded."""
HEADING_HEIGHT, LANE_HEIGHT, PITCH = 30.0, 18.0, 26.0
"""The height above the first row, the height of a row, and the distance between rows."""
LEFT, RIGHT = 84.0, 76.0
"""The space left and right of the curves."""
LOW_PERCENT, HIGH_PERCENT = 50, 100
"""The axis in percent, from guessing to always right."""
POINT_SIZE = 8.0
AXIS_HEIGHT = 26.0
EARLY_FACTOR = 2
"""A seed is early if it takes less than this many times as long as the fastest."""
TICKS = (0, 400, 800, 1200, 1600)


def seeds(subject: LayerRun, training: Training, width: float) -> Diagram:
    """Draw a curve for each seed, the fastest at the top."""
    last = max(TICKS) + 1
    ordered = sorted(training.seeds, key=lambda seed: seed.known or last)
    body_width = inner_width(width)
    marks = _headings(body_width, ordered)
    for k, seed in enumerate(ordered):
        marks += _row(training, seed, body_width, HEADING_HEIGHT + k * PITCH)
    bottom = HEADING_HEIGHT + (len(ordered) - 1) * PITCH + LANE_HEIGHT
    marks += _axis(body_width, bottom)
    return Diagram(
        _head(subject, training, ordered),
        " ".join(map(_seed_description, ordered)),
        body_width,
        bottom + AXIS_HEIGHT,
        tuple(marks),
        width,
        _setup(training, ordered),
    )


def _plot(training: Training, width: float, top: float) -> charts.Plot:
    """Return the plot of a row."""
    count = len(training.seeds[0].inside[::STRIDE])
    across = Scale(0, count - 1, LEFT, width - RIGHT)
    return charts.Plot(across, Scale(LOW_PERCENT, HIGH_PERCENT, top + LANE_HEIGHT, top))


def _batches(width: float) -> Scale:
    """Return the horizontal scale, in batches."""
    return Scale(0, TICKS[-1], LEFT, width - RIGHT)


def _headings(width: float, ordered: Sequence[Seed]) -> list[Mark]:
    """Draw the headings of the columns."""
    known = [f"known-{seed.seed}" for seed in ordered if seed.known is not None]
    heading, _ = words.paragraph(0, 0, sentence("seed"), 60, size=words.SMALL)
    return [
        heading,
        words.label(
            width,
            9,
            "from batch",
            {"tensor": "known"},
            known,
            "column",
            style=words.FINE,
            anchor="end",
        ),
    ]


def _row(training: Training, seed: Seed, width: float, top: float) -> list[Mark]:
    """Draw a row: the seed, its curve, and the batch from which it knows quotes."""
    plot, key = _plot(training, width, top), str(seed.seed)
    values = _percentages(seed)
    is_own = seed.seed == training.seed
    line = charts.curve(
        plot,
        values.tolist(),
        f'knows["{key}"]',
        "ink",
        width=(styles.CURVE.strong if is_own else styles.CURVE.plain).weight,
        id=f"knows-{key}",
    )
    condition = f'run == "{key}"' if is_own else ""
    line = styles.strong(line, condition)
    is_first = top == HEADING_HEIGHT
    ticks = (LOW_PERCENT, HIGH_PERCENT) if is_first else ()
    marks: list[Mark] = [*charts.grid(plot, (), ticks), line]
    named = [f"knows-{key}"]
    middle = top + LANE_HEIGHT / 2
    if seed.known is not None:
        named.append(f"known-{key}")
        at = _batches(width)
        x, y = at(seed.known), plot.y_scale(training.known)
        number = words.number(
            width,
            middle,
            Number(np.int64(seed.known), Ref(f'known["{key}"]')),
            size=words.LABEL,
            places=0,
            anchor="end",
            bold=is_own,
            id=f"known-{key}",
        )
        marks += [
            Box(
                x - POINT_SIZE / 2,
                y - POINT_SIZE / 2,
                POINT_SIZE,
                POINT_SIZE,
                radius=POINT_SIZE / 2,
                fill="ink",
                id=f"point-{key}",
                bound=(Place(f'known["{key}"], enough', at, plot.y_scale),),
            ),
            styles.strong(number, condition),
        ]
    marks.append(
        words.label(
            0,
            middle,
            key,
            {"run": key},
            named,
            "band",
            style=words.STRONG if is_own else words.PLAIN,
        )
    )
    return marks


def _percentages(seed: Seed) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    """Return the drawn values of a seed, in percent."""
    return (np.asarray(seed.inside[::STRIDE], np.float32) * 100).round(1)


def _axis(width: float, bottom: float) -> list[Mark]:
    """Draw the axis of batches below all rows."""
    at, y = _batches(width), bottom + 13
    caption, _ = words.paragraph(
        LEFT - 11,
        y - words.LINE * words.SMALL / words.NOTE / 2,
        sentence("batch"),
        60,
        size=words.SMALL,
        anchor="end",
    )
    ticks = [words.tick(at(tick), y, f"{tick}", "middle") for tick in TICKS]
    return [caption, *ticks]


def _head(subject: LayerRun, training: Training, ordered: Sequence[Seed]) -> Head:
    known_batches = sorted(seed.known for seed in ordered if seed.known is not None)
    first = [known for known in known_batches if known < EARLY_FACTOR * known_batches[0]]
    return Head(
        _title(training, first),
        sentence(
            "At how many in a hundred characters each network says rightly "
            "whether they are in quotes."
        ),
        provenance(subject),
        (
            sentence(
                "A point is where a network has {} of a hundred right, and "
                "keeps them; the bold curve is the network that ships.",
                (f"{training.known:.0f}", "round(enough)"),
            ),
        ),
        source(subject),
    )


def _title(training: Training, early_batches: Sequence[int]) -> Sentence:
    """Return the title: how many seeds are early."""
    count, last = len(early_batches), max(early_batches)
    at = f"sorted(known.values())[{count - 1}]"
    return sentence(
        "{} of {} networks know quotes by batch {}",
        (count, f"int(sum(one <= {at} for one in known.values()))"),
        (len(training.seeds), "len(knows)"),
        (last, f"int({at})"),
    )


def _seed_description(seed: Seed) -> str:
    if seed.known is None:
        return f"Seed {seed.seed} does not know quotes at the end."
    return f"Seed {seed.seed} knows quotes from batch {seed.known} on."


def _setup(training: Training, ordered: Sequence[Seed]) -> str:
    """Return the Python code of the drawn values, by seed."""
    return "\n".join(
        [
            "# Noted while networks of several seeds were trained: after every",
            "# fortieth batch, at how many in a hundred characters they know",
            "# whether these are in quotes; and from which batch on at enough.",
            f"enough = {training.known}",
            "knows = {",
            *(
                f'    "{seed.seed}": torch.tensor({literal(_percentages(seed))}),'
                for seed in ordered
            ),
            "}",
            "known = {",
            *(
                f'    "{seed.seed}": torch.tensor({seed.known}),'
                for seed in ordered
                if seed.known is not None
            ),
            "}",
        ]
    )
