"""Deliberate faults of `packed`, which its tests must find."""

from lstm_figs.figures.packed.fields import tones
from lstm_figs.figures.packed.grids import _Grids
from lstm_figs.figures.packed.packing import Packing
from tests.binding.breaking import Fault, exchanged, labelled_by_key, wrapped


def tone_of_the_next(cell, self, x, y, of, sequence, id):
    box, number = cell(self, x, y, of, sequence, id)
    if id.startswith("data"):
        box = box._replace(fill=tones(int(sequence.value) + 1)[0])
    return [box, number]


def number_of_the_next(number, self, j):
    return number(self, (j + 1) % sum(self.lengths))


FAULTS = {
    "a field under another name": Fault(
        ["packed"],
        labelled_by_key("tensor", exchanged("tensor", "packed.data", "packed.batch_sizes")),
        "has tensor=",
    ),
    "a cell in the tone of another sequence": Fault(
        ["packed"], wrapped(_Grids, "_cell", tone_of_the_next), "has the tones"
    ),
    "a cell under the number of another sequence": Fault(
        ["packed"], wrapped(Packing, "data_number", number_of_the_next), "is in the cell"
    ),
}


DESCRIPTION_FAULTS = {
    "packed": {
        "another number": ("sequences 1, 2, 0, 3", "sequences 1, 2, 3, 0"),
        "another length": ("Sequence 1 has 4", "Sequence 1 has 3"),
        "another sequence": ("Sequence 1 has", "Sequence 2 has"),
        "another order": ("sorted_indices 1, 2", "sorted_indices 2, 1"),
        "another count": ("10 cell", "11 cell"),
    }
}
