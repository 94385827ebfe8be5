"""Deliberate faults of `units`, which its tests must find."""

from lstm_figs.figures.units import strips, texts
from lstm_figs.layout.motifs import population
from lstm_figs.model import units
from lstm_figs.sources import Source
from tests.binding.breaking import Fault, labelled, wrapped

FORMS = ("units",)
MANY_UNITS = Source(input_size=3, hidden_size=40, seq_len=12)
FEW_UNITS = Source(input_size=3, hidden_size=9, seq_len=12)


def gate_of_another(name, exchanged):
    """Draw the gate that shows in place of the one that keeps."""

    def draw_exchanged(of, self, result):
        return of(self, exchanged if result == name else result)

    return draw_exchanged


def columns_late(middle, self, unit):
    """Draw texts of a column above the next column."""
    return middle(self, unit) + self.width


def shortest_first(longest_first, f, life):
    return longest_first(f, life)[::-1]


def a_step_longer(lives, f):
    return lives(f) + 1


def another_unit(chosen, *arguments):
    """Swap the unit that keeps and the one that reacts."""
    choice = chosen(*arguments)
    return units.Chosen(choice.reacts, choice.keeps)


def words_of_another(content, names):
    """Swap the names of smallest and largest."""
    other = {"c min": "c max", "c max": "c min"}
    if content in other:
        return other[content], names


def next_unit(lasts, population, unit):
    """Draw the lifetime of another unit in a row."""
    return lasts(population, (unit + 1) % population.count)


def not_folded(setup, columns, of):
    """Use the expressions for columns of one unit each."""
    return setup(columns._replace(units_per_column=1), of)


FAULTS = {
    "gates of units exchanged": Fault(
        FORMS, wrapped(population.Population, "of", gate_of_another("f", "o")), "spans|reaches"
    ),
    "units under the numbers of their neighbours": Fault(
        FORMS,
        wrapped(strips.Columns, "middle", columns_late),
        "middle of|farther",
        source=FEW_UNITS,
    ),
    "units with the shortest memory first": Fault(
        FORMS, wrapped(units, "longest_first", shortest_first), "claims", source=FEW_UNITS
    ),
    "writes that last a step longer": Fault(
        FORMS, wrapped(units, "lifetimes", a_step_longer), "reaches"
    ),
    "the numbers of another unit": Fault(
        FORMS, wrapped(population.Population, "lifetime", next_unit), "unit="
    ),
    "least and largest of c exchanged": Fault(FORMS, labelled(words_of_another), "statistic"),
    "columns of several units that are said to be of one": Fault(
        FORMS,
        wrapped(texts, "setup", not_folded),
        "cannot be held|edges|spans",
        source=Source(input_size=2, hidden_size=700, seq_len=3),
    ),
    "a line from a name to another column": Fault(
        FORMS,
        wrapped(strips, "lasting", lambda draw, *arguments: tops_above(draw(*arguments))),
        "ends",
        source=MANY_UNITS,
    ),
    "the unit that keeps said of that which reacts": Fault(
        FORMS,
        wrapped(units, "chosen", another_unit),
        "claims",
        source=Source(
            weights="docs/code/characters.safetensors",
            input="docs/code/characters-input.safetensors",
            tokens="docs/code/characters-tokens.json",
        ),
    ),
    "in a figure of these two, each said of the other": Fault(
        ["reading", "writes", "keep-write-show"],
        wrapped(units, "chosen", another_unit),
        "claims",
        source=Source(
            input_size=2,
            hidden_size=9,
            seq_len=40,
            set=("lstm.bias_hh_l0[9]=4", "lstm.bias_hh_l0[11]=3"),
        ),
    ),
}


def tops_above(row):
    """Lines that end far above their targets."""
    return row._replace(tops=[(top - 40, id) for top, id in row.tops])


DESCRIPTION_FAULTS = {
    "units": {
        "another life": ("a write lasts 1 step", "a write lasts 2 steps"),
        "another range": ("c goes from −1.51", "c goes from −1.50"),
        "another share": ("open at 0.50, 0.75", "open at 0.75, 0.50"),
        "another count": ("one or two in 2", "one or two in 1"),
    }
}
