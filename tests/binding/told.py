"""What some drawings of a figure say, and others do not.

A sentence without a value that only some tensors make a figure say depends on
them, so it needs a claim. It needs none where it explains a mark, which is
there or not, see `meant`; where it is a law that says itself of which runs it
can be drawn; or where it is a record of an option. A claim is false of some
tensors, else it says nothing. What the wide form says, the narrow one does as
well.
"""

from collections import defaultdict
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import torch

from tests.binding import homes, meant, sayings
from tests.binding.drawing import Drawing
from tests.binding.sentences import HEAD, Sentence, sentences
from tests.proving import code_of

SMALL = 20_000
"""How many elements the tensors of a run have at most that is kept."""

TRIED = 3
"""How many claims of one sentence are tried."""

Form = tuple[str, int]


class Told:
    """The sentences of one figure, drawing by drawing."""

    def __init__(self, figure: str):
        self.figure = figure
        self.drawn: dict[Form, set[str]] = defaultdict(set)
        self.bare: dict[tuple[Form, str], set[str]] = defaultdict(set)
        self.claims: dict[str, list[str]] = defaultdict(list)
        self.false: set[str] = set()
        self.runs: list[dict[str, Any]] = []

    def add(self, form: str, case: str, width: int, drawing: Drawing) -> None:
        """What one drawing says."""
        of = form, width
        self.drawn[of].add(case)
        for sentence in sentences(drawing):
            if sentence.claim:
                self._claim(sentence)
            elif not (sentence.said or sentence.label or sentence.foot):
                self.bare[of, sentence.text].add(case)
        self._try(drawing.namespace)

    def _claim(self, sentence: Sentence) -> None:
        key = sentence.template or sentence.claim
        known = self.claims[key]
        if key in self.false or len(known) == TRIED or sentence.claim in known:
            return
        known.append(sentence.claim)
        if any(_is_false(sentence.claim, names) for names in self.runs):
            self.false.add(key)

    def _try(self, names: dict[str, Any]) -> None:
        for key in self.claims.keys() - self.false:
            if any(_is_false(claim, names) for claim in self.claims[key]):
                self.false.add(key)
        sizes = (v.numel() for v in names.values() if torch.is_tensor(v))
        if sum(sizes) <= SMALL:
            self.runs.append(names)

    def faults(self) -> Iterator[str]:
        """What depends on tensors and does not say how."""
        for key in self.claims.keys() - self.false:
            claim = self.claims[key][0]
            yield f"{key!r} claims {claim}, which is true of all tensors"
