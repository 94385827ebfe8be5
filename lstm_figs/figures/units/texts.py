"""The texts of the figure: title, lead, notes, and alternative text."""

from collections.abc import Iterator

import numpy as np

from ...layout.motifs import label_rows, over_time
from ...layout.motifs.population import LASTING, Population
from ...layout.provenance import count_item, provenance, source
from ...model.units import MAX_SHORT_LIFETIME, MIN_LONG_LIFETIME, OPEN_ABOVE, SHUT_BELOW
from ...proof.bindings import Sentence, sentence
from ...proof.digits import count_phrase, text
from ...proof.preamble import units as torch_of
from ...scene.scenes import Head
from . import unit_rows
from .strips import GATES, Columns, span
from .unit_names import NamedUnit

MIN_STEPS = 12
"""In sequences shorter than this, the title only counts writes that outlast them."""


def setup(columns: Columns, named_units: tuple[NamedUnit, ...]) -> str:
    """Return the Python code that the expressions of the figure need.

    It names the values of all columns, such as `lasts` and `f_open`.
    """
    population = columns.population
    order = ", ".join(map(str, population.order))
    lines = [torch_of.LIFE, torch_of.GATES, "", f"order = [{order}]"]
    lines += [
        f"per, named = {columns.units_per_column}, "
        f"{sorted(named_unit.unit for named_unit in named_units)}",
        "",
        "def columns(values, reduced=torch.mean):",
        '    """What so many units, in that order, have together."""',
        "    parts = values.detach().double()[order].split(per)",
        "    return torch.stack([reduced(part) for part in parts])",
        "",
        "lasts = columns(life, torch.min)",
        "outlasts = torch.where(lasts.isinf(), len(x) - 1, torch.inf)",
    ]
    for name in GATES:
        share_of_steps = f"({name}[:, 0] {{}}).double().mean(0)"
        open_expression, ajar_expression = (
            share_of_steps.format("> open_above"),
            share_of_steps.format(">= shut_below"),
        )
        # A gate that is ajar is not shut.
        lines += [
            f"{name}_open = columns({open_expression})",
            f"{name}_ajar = columns({ajar_expression})",
        ]
    lines += [
        "c_low = columns(c[:, 0].amin(0), torch.min)",
        "c_high = columns(c[:, 0].amax(0), torch.max)",
    ]
    parts = (
        part for named_unit in named_units for reason in named_unit.reasons for part in reason.setup
    )
    # Several reasons may need the same part.
    setups = dict.fromkeys(parts)
    if any("tokens" in part for part in setups):
        lines += ["", *over_time.tokens_setup(population.subject.trace)]
    lines += label_rows.setup(population.subject)
    lines += [line for part in setups for line in ("", part)]
    return "\n".join(lines)


def head(columns: Columns, named_units: tuple[NamedUnit, ...]) -> Head:
    """Return the texts above and below the drawing."""
    population = columns.population
    subject = population.subject
    return Head(
        title(population),
        _lead(columns),
        provenance(subject, count_item("step", population.step_count, "len(x)")),
        tuple(_notes(population, named_units)),
        source(subject),
    )


def title(population: Population) -> Sentence:
    """Return the title: how many units hold a write for long."""
    lives, count = population.ordered_lifetimes, population.unit_count
    count_expr = "c.shape[-1]"
    if np.isinf(lives).all():
        if population.step_count == 1:
            return sentence("One step: nothing is forgotten yet", claim="len(x) == 1")
        return sentence(
            "In no unit half of the writes fade within {} steps",
            (population.step_count, "len(x)"),
            claim="bool(life[order].isinf().all())",
        )
    if (lives <= MAX_SHORT_LIFETIME).all():
        fades = f"bool((life[order] <= {MAX_SHORT_LIFETIME}).all())"
        if is_untouched(population):
            return sentence(
                "No write lasts three steps, as before training", claim=f"{fades} and {UNTOUCHED}"
            )
        return sentence("No write lasts three steps", claim=fades)
    if population.step_count < MIN_STEPS:
        outlasting = int(np.isinf(lives).sum())
        if not outlasting:
            return sentence(
                "No write outlasts these {} steps",
                (population.step_count, "len(x)"),
                claim="not bool(life[order].isinf().any())",
            )
        return sentence(
            "In {} of {} units a write outlasts these {} steps",
            (outlasting, "int(life[order].isinf().sum())"),
            (count, count_expr),
            (population.step_count, "len(x)"),
        )
    if count == 1:
        return sentence("A write lasts {} steps", (int(lives[0]), "int(life[0])"))
    long, short = int((lives >= MIN_LONG_LIFETIME).sum()), int((lives <= MAX_SHORT_LIFETIME).sum())
    short_value = (short, f"int((life[order] <= {MAX_SHORT_LIFETIME}).sum())")
    if not long:
        return sentence(
            "In {} of {} units a write lasts three to nine steps",
            (count - short, f"int((life[order] > {MAX_SHORT_LIFETIME}).sum())"),
            (count, count_expr),
            claim=f"bool((life[order] < {MIN_LONG_LIFETIME}).all())",
        )
    hold = "holds" if long == 1 else "hold"
    statement = f"{{}} of {{}} units {hold} a write ten steps or more"
    values = (long, f"int((life[order] >= {MIN_LONG_LIFETIME}).sum())"), (count, count_expr)
    if not short:
        return sentence(statement, *values)
    return sentence(f"{statement}, {{}} one or two", *values, short_value)


UNTOUCHED = (
    "bool(((torch.stack([f, i, o])[:, :, 0, order] >= shut_below) & "
    "(torch.stack([f, i, o])[:, :, 0, order] <= open_above)).all())"
)
"""The claim that no gate is ever open or shut."""


def is_untouched(population: Population) -> bool:
    """Return whether no gate is ever open or shut, as after initialisation."""
    units = list(population.order)
    gates = np.stack([population.results(name)[:, units] for name in GATES])
    return bool(((gates >= SHUT_BELOW) & (gates <= OPEN_ABOVE)).all())


def _lead(columns: Columns) -> Sentence:
    """Return the lead: what a column is, and how columns are ordered."""
    if columns.population.unit_count <= unit_rows.MAX_ROOMY_UNITS:
        return sentence("What each unit does over these steps. A row is a unit.")
    in_order = "bool((life[order][1:] <= life[order][:-1]).all())"
    if np.isinf(columns.population.ordered_lifetimes).all():
        # All lifetimes are infinite, so units are ordered by their mean log f.
        logs = "f[:, 0].detach().double().log().mean(0)[order]"
        rule = f"({logs}[1:] <= {logs}[:-1] + 1e-6).all()"
        return sentence(
            "What each unit does over these steps, from the one that forgets least.",
            claim=f"bool({rule})",
        )
    if columns.units_per_column > 1:
        return sentence(
            "What each unit does over these steps, longest memory first. "
            "A column is {} units: shares are their mean, the shortest of "
            "their lives is drawn, and c spans them all.",
            (columns.units_per_column, "per"),
            claim=in_order,
        )
    part = "row" if unit_rows.has_unit_rows(columns.population) else "column"
    return sentence(
        f"What each unit does over these steps. A {part} is a unit, longest memory first.",
        claim=in_order,
    )


def _notes(population: Population, named_units: tuple[NamedUnit, ...]) -> Iterator[Sentence]:
    """Yield notes on lifetimes, the axis of c, named units, and gates."""
    yield from _lifetime_notes(population)
    yield from _range_notes(population)
    if 0 < len(named_units) < len(population.order):
        yield sentence(
            f"{{}} of {{}} units {'are' if len(named_units) > 1 else 'is'} named.",
            (len(named_units), "len(named)"),
            (population.unit_count, "c.shape[-1]"),
        )
    if unit_rows.has_unit_rows(population):
        for unit, reasons in named_units:
            for reason in reasons:
                why = f"Unit {{}}: {reason.text}."
                yield sentence(why, (unit, str(unit)), *reason.values, claim=reason.claim)
    yield from _gate_notes(population)
    if population.left_out_count:
        yield sentence(
            "{} of {} units are NaN or infinite at some step, and left out.",
            (population.left_out_count, "c.shape[-1] - len(order)"),
            (population.unit_count, "c.shape[-1]"),
        )


def _lifetime_notes(population: Population) -> Iterator[Sentence]:
    """Yield what the lifetime of a write is, and where it is unknown."""
    lives = population.ordered_lifetimes
    if np.isinf(lives).all():
        return
    yield sentence(LASTING)
    outlasting = int(np.isinf(lives).sum())
    if outlasting:
        yield sentence(
            "Grey: less than half of the writes are seen to fade, in {} of {} units.",
            (outlasting, "int(life[order].isinf().sum())"),
            (population.unit_count, "c.shape[-1]"),
        )


def _range_notes(population: Population) -> Iterator[Sentence]:
    """Yield where the axis of c ends."""
    if unit_rows.has_unit_rows(population):
        return
    ends = span(population)
    if ends.limit is not None:
        yield sentence(
            "c is cut off at the ends of its axis in {} of {} units.",
            (
                ends.beyond,
                f"int((c[:, 0].abs().amax(0)[order] > {ends.limit!r} * (1 + 1e-6)).sum())",
            ),
            (population.unit_count, "c.shape[-1]"),
        )


def percent(share: float, name: str) -> tuple[int, str]:
    """Return a share in percent, and the expression of that; `name` is the share's."""
    return round(100 * share), f"round(100 * {name})"


def _gate_notes(population: Population) -> Iterator[Sentence]:
    """Yield notes on gates that stay shut, or on gates that never open or shut."""
    units = list(population.order)
    gates = {name: population.results(name)[:, units] for name in GATES}
    if is_untouched(population):
        yield sentence("No gate is ever open or shut, as after initialisation.", claim=UNTOUCHED)
        return
    shut = int(((gates["i"] < SHUT_BELOW).mean(0) > OPEN_ABOVE).sum())
    if shut:
        yield sentence(
            "Seldom written: i is shut at more than {} % of the steps in {} of {} units.",
            percent(OPEN_ABOVE, "open_above"),
            (shut, "int(((i[:, 0, order] < shut_below).double().mean(0) > open_above).sum())"),
            (population.unit_count, "c.shape[-1]"),
        )
    never = int((gates["o"] <= SHUT_BELOW).all(0).sum())
    if never:
        yield sentence(
            "Never shown: o is above {} at no step in {} of {} units.",
            (SHUT_BELOW, "str(shut_below)"),
            (never, "int((o[:, 0, order] <= shut_below).all(0).sum())"),
            (population.unit_count, "c.shape[-1]"),
        )


def description(columns: Columns, named_units: tuple[NamedUnit, ...]) -> str:
    """Return the alternative text: how long units remember, and the printed numbers."""
    population = columns.population
    lives = population.ordered_lifetimes
    long = int((lives >= MIN_LONG_LIFETIME).sum())
    short = int((lives <= MAX_SHORT_LIFETIME).sum())
    parts = [
        f"{count_phrase(len(lives), 'unit')} over "
        f"{count_phrase(population.step_count, 'step')}, by how long a write lasts: "
        f"ten steps or longer in {long}, three to nine in "
        f"{len(lives) - long - short}, one or two in {short}"
    ]
    c = population.results("c")
    for named_unit in named_units:
        unit, life = named_unit.unit, population.lifetimes[named_unit.unit]
        duration = "to the end" if np.isinf(life) else count_phrase(int(life), "step")
        shares = ""
        if not named_unit.reasons:
            gate_shares = (
                text((population.results(name)[:, unit] > OPEN_ABOVE).mean()) for name in GATES
            )
            shares = "; f, i and o are open at {}, {} and {} of the steps".format(*gate_shares)
        parts.append(
            f"Unit {unit}: a write lasts {duration}{shares}; c goes from "
            f"{text(c[:, unit].min())} to {text(c[:, unit].max())}"
        )
    return ". ".join(parts) + "."
