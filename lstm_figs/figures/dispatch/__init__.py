"""The figure `dispatch`: which operators torch calls, and which code runs them."""

from collections.abc import Iterator

from ...layout.margins import inner_width
from ...layout.motifs.wires import wire
from ...layout.provenance import count_item, origin, provenance
from ...model.calls import ONEDNN, WORDS, Call, Called, called_sizes, rows
from ...model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ...proof.bindings import Sentence, sentence
from ...proof.digits import count_phrase
from ...scene.marks import Mark, shift
from ...scene.scenes import Diagram, Head
from . import backends
from .backends import asked_backends, ladder, middle
from .call_table import CallTable, ordered

GAP = 30.0
"""Between the backends and the table of calls."""
ARROW_START, ARROW_END = 4.0, 3.0
"""Between the arrow in this gap and the backend above it, and the table below."""


def dispatch(subject: LayerRun, width: float, *, call: Call = "float32") -> Diagram:
    """Which operators torch calls, and who runs them.

    Args:
        subject: The layer run to draw.
        width: The width that the figure may use.
        call: The way in which the module is called.
    """
    return _Dispatch(subject, width, call).diagram()


class _Dispatch:
    """The backends that torch asks, above the operators that the running one calls."""

    def __init__(self, subject: LayerRun, width: float, call: Call):
        assert subject.record is not None
        self.subject, self.width, self.call = subject, width, call
        self.torch = subject.record.torch
        self.called: Called = subject.record.values["called"][call]
        self.steps = 1 if call == "cell" else min(MAX_SUMMED_STEPS, len(subject.steps))
        table = rows(self.called, self.steps)
        self.table = {name: table[name] for name in ordered(set(table))}
        self.backends = asked_backends(self.called, call, self.steps)
        self.has_calls = any(row.all_calls for row in table.values())

    def diagram(self) -> Diagram:
        space = inner_width(self.width)
        above = ladder(self.backends, space)
        below = CallTable(self.call, self.called, self.table, self.steps, space).block()
        marks = [*above.marks, *(shift(mark, 0, above.height + GAP) for mark in below.marks)]
        if space >= backends.NARROWEST_WIDE:
            marks.append(self.call_arrow(space, above.height))
        return Diagram(
            heading=self.head(),
            description=self.description(),
            width=space,
            height=above.height + GAP + below.height,
            marks=tuple(marks),
            figure_width=self.width,
        )

    def call_arrow(self, space: float, top: float) -> Mark:
        """An arrow from the backend that runs the call to the operators it calls."""
        k = next(k for k, backend in enumerate(self.backends) if backend.is_running)
        x = middle(k, space)
        return wire(
            (x, top + ARROW_START),
            (x, top + GAP - ARROW_END),
            tail=f"asked-{k}",
            head="calls",
            flow="order",
            paint="ink",
        )

    def head(self) -> Head:
        step_count = (count_item("step", self.steps, "len(zeros)"),)
        return Head(
            self.title(),
            self.lead(),
            provenance(self.subject, *(() if self.call == "cell" else step_count)),
            tuple(self.notes()),
            origin(self.subject),
        )

    def title(self) -> Sentence:
        names = f'called["{self.call}"]'
        layers = f'{names}.count("{ONEDNN}")'
        if self.called.backend == "oneDNN":
            title = "oneDNN runs all steps of a layer in one call"
            if self.call == "two-layers":
                title = "oneDNN runs each layer and direction in one call"
            claim = f"{layers} == module.num_layers * (1 + module.bidirectional)"
            return sentence(title, claim=claim)
        if not self.has_calls:
            return sentence("PyTorch runs this with its own operators", claim=f"{layers} == 0")
        if self.call == "cell":
            return sentence(
                "A cell is {} calls of PyTorch's own operators",
                (len(self.called.operators), f"len({names})"),
                claim=f"{layers} == 0",
            )
        return sentence(
            "PyTorch's own operators run step by step",
            claim=f'{names}.count("linear") == len(zeros) + 1',
        )

    def lead(self) -> Sentence:
        """How torch chooses a backend, and what differs from the subject's own call."""
        claims = {
            "float64": "module.weight_ih_l0.dtype == torch.float64",
            "packed": "isinstance(packed, torch.nn.utils.rnn.PackedSequence)",
        }
        words, values = WORDS[self.call].strip(), []
        if self.called.module != self.subject.module:
            words = f"for {{}} {words}".strip()
            values.append((self.called.module, 'f"nn.{module}"'))
        begins = f"{words}, torch" if words else "torch"
        return sentence(
            f"{begins[0].upper()}{begins[1:]} asks one library after another; "
            "the first that can run the call decides what "
            f"aten::{self.called.operator} calls.",
            *values,
            claim=claims.get(self.call, ""),
        )

    def notes(self) -> Iterator[Sentence]:
        yield sentence(
            "Recorded on a CPU with torch {}; others may differ. "
            "The order of libraries is from torch's source.",
            (self.torch, 'torch.__version__.partition("+")[0]'),
        )
        if self.call == "packed" and self.steps > 1:
            yield sentence(
                "Each sequence is one step shorter than the one before it, down to one step.",
                claim="all(n == max(1, lengths[0] - k) for k, n in enumerate(lengths))",
            )
        count = len(self.subject.steps)
        if self.call != "cell" and count > self.steps:
            yield sentence("Later steps, to {}, are left out.", (count, "len(x)"))
        weights = self.subject.weights
        sizes = weights.input_size, weights.hidden_size
        small_sizes = called_sizes(*sizes)
        if small_sizes != sizes:
            yield sentence(
                "Counted with input_size {} and hidden_size {}; the counts depend on neither.",
                (small_sizes[0], "module.input_size"),
                (small_sizes[1], "module.hidden_size"),
            )

    def description(self) -> str:
        backends = "; ".join(f"{backend.name}: {backend.state}" for backend in self.backends)
        calls = "; ".join(f"{name} {self.called.operators.count(name)}" for name in self.table)
        return (
            f"{self.called.module}{WORDS[self.call]}, {count_phrase(self.steps, 'step')}. Asked in "
            f"order: {backends}. aten::{self.called.operator} calls: {calls}."
        )
