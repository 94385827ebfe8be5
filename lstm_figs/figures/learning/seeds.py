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
from ...scene.marks import Box, Mark, Text
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
"""The size of a point on a curve."""
AXIS_HEIGHT, AXIS_DROP, AXIS_NAME_GAP = 26.0, 13.0, 11.0
"""The height of the horizontal axis with its numbers, their middle, and the gap left of
them."""
NAME_WIDTH, HEADING_MIDDLE = 60.0, 9.0
"""The width of the name of an axis or a column, and the middle of the headings."""
EARLY_FACTOR = 2
"""A seed is early if it takes less than this many times as long as the fastest."""
TICKS = (0, 400, 800, 1200, 1600)
"""The batches that have ticks."""


class Seeds:
    """A curve for each seed, the fastest at the top.

    Attributes:
        subject: The run to draw.
        training: The record of the training, with that of each seed.
        figure_width: The width of the figure.
        width: The width inside the margins.
        seeds: The seeds from top to bottom.
        across: The horizontal scale of the index of a drawn value.
        batches: The same scale in batches.
    """

    def __init__(self, subject: LayerRun, training: Training, width: float):
        self.subject, self.training, self.figure_width = subject, training, width
        self.width = inner_width(width)
        # Seeds that never know quotes come after all that do.
        later_than_all = max(TICKS) + 1
        self.seeds = sorted(training.seeds, key=lambda seed: seed.known or later_than_all)
        count = len(training.seeds[0].inside[::STRIDE])
        self.across = Scale(0, count - 1, LEFT, self.width - RIGHT)
        self.batches = Scale(0, TICKS[-1], LEFT, self.width - RIGHT)

    def diagram(self) -> Diagram:
        """Draw the figure."""
        marks: list[Mark] = []
        numbers: list[Text] = []
        for k, seed in enumerate(self.seeds):
            row, number = self._row(seed, HEADING_HEIGHT + k * PITCH)
            marks += row
            numbers += [number] if number else []
        bottom = HEADING_HEIGHT + (len(self.seeds) - 1) * PITCH + LANE_HEIGHT
        return Diagram(
            heading=self._head(),
            description=" ".join(map(_seed_description, self.seeds)),
            width=self.width,
            height=bottom + AXIS_HEIGHT,
            marks=(*self._headings(numbers), *marks, *self._axis(bottom)),
            figure_width=self.figure_width,
            setup=self._setup(),
        )

    def _headings(self, numbers: Sequence[Text]) -> list[Mark]:
        """Name the first and the last column."""
        seed_heading, _ = words.paragraph(0, 0, sentence("seed"), NAME_WIDTH, size=words.SMALL)
        known_heading = words.label(
            self.width,
            HEADING_MIDDLE,
            "from batch",
            names={"tensor": "known"},
            of=numbers,
            style=words.FINE,
            anchor="end",
        )
        return [seed_heading, known_heading]

    def _row(self, seed: Seed, top: float) -> tuple[list[Mark], Text | None]:
        """Draw a seed, its curve, and the batch from which it knows quotes.

        Returns:
            The marks, and among them the number of that batch, if there is one.
        """
        scale = Scale(LOW_PERCENT, HIGH_PERCENT, top + LANE_HEIGHT, top)
        plot, key = charts.Plot(self.across, scale), str(seed.seed)
        # The network that ships is bold.
        is_shipped = seed.seed == self.training.seed
        condition = f'run == "{key}"' if is_shipped else ""
        line = charts.curve(
            plot,
            _percentages(seed).tolist(),
            f'knows["{key}"]',
            "ink",
            width=(styles.CURVE.strong if is_shipped else styles.CURVE.plain).weight,
            id=f"knows-{key}",
        )
        # Only the first row has the axis in percent, which is the same in all.
        ticks = (LOW_PERCENT, HIGH_PERCENT) if top == HEADING_HEIGHT else ()
        marks: list[Mark] = [*charts.grid(plot, (), ticks), styles.emphasized(line, condition)]
        labelled: list[Mark] = [line]
        middle, number = top + LANE_HEIGHT / 2, None
        if seed.known is not None:
            number = words.number(
                self.width,
                middle,
                Number(np.int64(seed.known), Ref(f'known["{key}"]')),
                size=words.LABEL,
                decimals=0,
                anchor="end",
                bold=is_shipped,
                id=f"known-{key}",
            )
            number = styles.emphasized(number, condition)
            labelled.append(number)
            marks += [self._point(seed.known, key, scale), number]
        style = words.STRONG if is_shipped else words.PLAIN
        marks.append(
            words.label(0, middle, key, names={"run": key}, of=labelled, along="band", style=style)
        )
        return marks, number

    def _point(self, known: int, key: str, scale: Scale) -> Mark:
        """Draw the point at which a seed has enough right."""
        return Box(
            self.batches(known) - POINT_SIZE / 2,
            scale(self.training.known) - POINT_SIZE / 2,
            POINT_SIZE,
            POINT_SIZE,
            radius=POINT_SIZE / 2,
            fill="ink",
            id=f"point-{key}",
            bound=(Place(f'known["{key}"], enough', self.batches, scale),),
        )

    def _axis(self, bottom: float) -> list[Mark]:
        """Draw the axis of batches below all rows."""
        y = bottom + AXIS_DROP
        caption, _ = words.paragraph(
            LEFT - AXIS_NAME_GAP,
            y - words.line_height(words.SMALL) / 2,
            sentence("batch"),
            NAME_WIDTH,
            size=words.SMALL,
            anchor="end",
        )
        ticks = [words.tick(self.batches(tick), y, f"{tick}", "middle") for tick in TICKS]
        return [caption, *ticks]

    def _head(self) -> Head:
        return Head(
            self._title(),
            sentence(
                "At how many in a hundred characters each network says rightly "
                "whether they are in quotes."
            ),
            provenance(self.subject),
            (
                sentence(
                    "From its point on, a network has {} of a hundred right; the network that "
                    "ships is bold.",
                    (f"{self.training.known:.0f}", "round(enough)"),
                ),
            ),
            source(self.subject),
        )

    def _title(self) -> Sentence:
        """Return how many seeds are early."""
        known = sorted(seed.known for seed in self.seeds if seed.known is not None)
        early = [batches for batches in known if batches < EARLY_FACTOR * known[0]]
        last_early = f"sorted(known.values())[{len(early) - 1}]"
        return sentence(
            "{} of {} networks know quotes by batch {}",
            (len(early), f"int(sum(one <= {last_early} for one in known.values()))"),
            (len(self.training.seeds), "len(knows)"),
            (early[-1], f"int({last_early})"),
        )

    def _setup(self) -> str:
        """Return the Python code of the drawn values, by seed."""
        return "\n".join(
            [
                "# Noted while networks of several seeds were trained: after every",
                "# fortieth batch, at how many in a hundred characters they know",
                "# whether these are in quotes; and from which batch on at enough.",
                f"enough = {self.training.known}",
                "knows = {",
                *(
                    f'    "{seed.seed}": torch.tensor({literal(_percentages(seed))}),'
                    for seed in self.seeds
                ),
                "}",
                "known = {",
                *(
                    f'    "{seed.seed}": torch.tensor({seed.known}),'
                    for seed in self.seeds
                    if seed.known is not None
                ),
                "}",
            ]
        )


def _seed_description(seed: Seed) -> str:
    """Return from which batch on a seed knows quotes, for the alternative text."""
    if seed.known is None:
        return f"Seed {seed.seed} does not know quotes at the end."
    return f"Seed {seed.seed} knows quotes from batch {seed.known} on."


def _percentages(seed: Seed) -> "np.ndarray[tuple[int, ...], np.dtype[np.float32]]":
    """Return the drawn values of a seed, in percent."""
    return (np.asarray(seed.inside[::STRIDE], np.float32) * 100).round(1)
