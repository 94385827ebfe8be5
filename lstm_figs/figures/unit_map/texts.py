"""The texts of the figure: title, lead, notes, and alternative text."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from ...layout.motifs import label_lanes, over_time
from ...layout.motifs.population import Population
from ...layout.provenance import count_item, provenance, source
from ...layout.unit_choice import largest_claim
from ...model.units import MAX_SHORT_LIFETIME, MIN_MOVING_DEVIATION
from ...proof.bindings import Sentence, sentence
from ...proof.digits import count_phrase, text
from ...proof.preamble import units as torch_of
from ...scene.scenes import Head
from .bands import C_SHARE, Band, Map

MIN_UNITS, MIN_SHARE = 3, 0.2
"""The title reports a loss if at least this many units, and this share of them, lose."""

TENSOR = {"c_share": "c_share", "c": "c", "h": "h", "ig": "i*g"}
"""What the scale names in `words.label`, for each kind of value."""
SYMBOL = {
    "c": "c",
    "h": "h",
    "ig": "i·g",
    "i": "i write",
    "f": "f keep",
    "g": "g new",
    "o": "o show",
}
"""The caption of the scale, for each kind of value."""


class Loss(NamedTuple):
    """A step at which several units with long lifetimes lose over half of c.

    Attributes:
        t: The step, counted from 0.
        units: The number of units that lose.
        of: The number of units in the band.
    """

    t: int
    units: int
    of: int


def largest_loss(population: Population, long: Band) -> Loss | None:
    """Return the step at which most units of a band lose over half of a large c."""
    sizes = abs(population.of("c")[:, list(long.units)].astype(np.float64))
    large = sizes[:-1] >= sizes.max(0) / 2
    counts = (large & (sizes[1:] < sizes[:-1] / 2)).sum(1)
    if not counts.size:
        return None
    t, count = int(counts.argmax()) + 1, int(counts.max())
    if count < MIN_UNITS or count < MIN_SHARE * len(long.units):
        return None
    return Loss(t, count, len(long.units))


def named_units(population: Population) -> list[int]:
    """Return the units to name: those that have a reason, and the one with the largest |c|."""
    if population.left_out:
        return []
    farthest = int(abs(population.of("c")).max(0).argmax())
    units = [*(reason.unit for reason in population.reasons), farthest]
    return [*dict.fromkeys(units)]


def setup(cells: Map, parts: tuple[Band, ...]) -> str:
    """Return the Python code that the expressions of the figure need."""
    population = cells.population
    lines = [torch_of.LIFE]
    if population.left_out:
        lines += ["", torch_of.LEFT_OUT]
    if cells.is_own:
        lines += ["", C_SHARE]
    lines.append("")
    lines += [f"{band.name} = {list(band.units)}" for band in parts]
    setups = dict.fromkeys(part for why in population.reasons for part in why.setup)
    if any("tokens" in part for part in setups):
        lines += ["", *over_time.tokens_setup(population.subject.trace)]
    elif population.subject.trace.tokens:
        lines += over_time.tokens_setup(population.subject.trace)
    lines += label_lanes.setup(population.subject)
    lines += [line for part in setups for line in ("", part)]
    return "\n".join(lines)


def head(cells: Map, parts: tuple[Band, ...], token_notes: Sequence[Sentence]) -> Head:
    """Return the texts above and below the drawing."""
    population = cells.population
    subject = population.subject
    return Head(
        _title(population, parts),
        sentence(
            f"{_what(cells)} of each unit, step by step. Rows are grouped by "
            "how long a write lasts; in a group each stands beside the one "
            "whose c is most like it.",
            claim=" and ".join(order_claims(parts, population.steps)),
        ),
        provenance(subject, count_item("step", population.steps, "len(x)")),
        (*token_notes, *_notes(cells, parts)),
        source(subject),
    )


def order_claims(parts: Sequence[Band], steps: int) -> Iterator[str]:
    """Yield the claims that each band is correct, and that its rows are ordered by similarity.

    Similarity is undefined for constant units and for a single step. If some
    units have no row, neighbours are less similar. In these cases, order is not
    claimed.
    """
    for band in parts:
        band_c = f"c[:, 0, {band.name}].double()"
        yield f"bool(({band.claim})[{band.name}].all())"
        if steps > 1 and 2 < len(band.units) == band.size:
            yield (
                f"all(each[k + 1] >= each[k + 1:].max() - 1e-5 "
                f"for k, each in enumerate(torch.corrcoef(({band_c} * "
                f"({band_c}.std(0, False) >= {MIN_MOVING_DEVIATION:g})).T).nan_to_num(-1)[:-1]))"
            )


def _what(cells: Map) -> str:
    """Return the kind of value, as a sentence begins with it."""
    return {
        "c": "c",
        "h": "h",
        "ig": "i·g, what is written,",
        "i": "i (write)",
        "f": "f (keep)",
        "g": "g (new)",
        "o": "o (show)",
    }[cells.of]


def _title(population: Population, parts: tuple[Band, ...]) -> Sentence:
    """Return the title: what units with long lifetimes lose at one step, or else what is shown."""
    long = next((band for band in parts if band.name == "long"), None)
    loss = largest_loss(population, long) if long else None
    if loss:
        step = population.subject.step_number(loss.t)
        sizes = "c[:, 0, long].abs()"
        return sentence(
            "{} of {} units that hold long lose over half of c at step {}",
            (
                loss.units,
                f"int((({sizes}[{loss.t}] < {sizes}[{loss.t - 1}] / 2) & "
                f"({sizes}[{loss.t - 1}] >= {sizes}.amax(0) / 2)).sum())",
            ),
            (loss.of, "len(long)"),
            (step, f"len(x) - {population.steps - step}"),
        )
    if (population.ordered_lifetimes <= MAX_SHORT_LIFETIME).all():
        return sentence(
            "No unit holds a write for three steps",
            claim=f"bool((life[short] <= {MAX_SHORT_LIFETIME}).all())",
        )
    if (visible_count := sum(len(band.units) for band in parts)) < population.count:
        return sentence(
            "{} of {} units step by step, by how long a write lasts",
            (visible_count, " + ".join(f"len({band.name})" for band in parts)),
            (population.count, "c.shape[-1]"),
        )
    return sentence("All units step by step, by how long a write lasts")


def _notes(cells: Map, parts: tuple[Band, ...]) -> Iterator[Sentence]:
    population = cells.population
    if cells.hue:
        yield sentence("The darker, the more open.")
    else:
        yield sentence("Blue is positive, red is negative.")
    yield sentence(
        "A write lasts until less than half of it is left: the median of all "
        "writes of these {} steps, of which those that the end cuts off count "
        "as longer (Kaplan and Meier). That neighbours are alike comes from "
        "their order.",
        (population.steps, "len(x)"),
    )
    visible_units = [unit for band in parts for unit in band.units]
    names = named_units(population)
    chosen = {reason.unit: reason for reason in population.reasons}
    for unit in names:
        if unit in chosen:
            yield sentence(
                f"Unit {{}}: {chosen[unit].text}.",
                (unit, str(unit)),
                *chosen[unit].values,
                claim=chosen[unit].claim,
            )
        else:
            yield sentence(
                "Unit {}: c goes farthest from zero.",
                (unit, str(unit)),
                claim=largest_claim("c[:, 0].abs().amax(0)", (unit,)),
            )
    if len(visible_units) < len(population.order):
        also = ", and those that are named." if names else "."
        yield sentence(
            "{} of {} units are shown, evenly spaced in their order" + also,
            (len(visible_units), " + ".join(f"len({band.name})" for band in parts)),
            (population.count, "c.shape[-1]"),
        )
    if population.left_out:
        yield sentence(
            "{} of {} units are NaN or infinite at some step, and left out.",
            (population.left_out, "int(life.isnan().sum())"),
            (population.count, "c.shape[-1]"),
        )
    count = len(cells.steps.labels)
    if count < population.steps:
        yield over_time.left_out_note(population.subject, population.steps - count)


def median(population: Population, band: Band) -> float:
    """Return the (lower) median of the largest |c| of each unit."""
    sizes = abs(population.of("c")[:, list(band.units)]).max(0)
    middle: float = np.sort(sizes)[(len(sizes) - 1) // 2]
    return middle


def description(cells: Map, parts: tuple[Band, ...]) -> str:
    """Return the alternative text: the size of each band, and its largest values."""
    population = cells.population
    sentences = [
        f"{count_phrase(population.count, 'unit')} over {count_phrase(population.steps, 'step')}"
    ]
    for band in parts:
        more = ""
        if cells.of == "c":
            more = (
                ", and the median of their largest magnitudes of c is "
                f"{text(median(population, band))}"
            )
        sentences.append(f"In {band.size} a write lasts {band.duration}{more}")
    if cells.end is not None:
        sentences.append(f"The strongest colour stands for {text(cells.end.value)}")
    return ". ".join(sentences) + "."
