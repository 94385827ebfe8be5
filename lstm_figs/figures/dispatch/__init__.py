"""The figure `dispatch`: which operators torch calls, and which code runs them."""

from ...layout.blocks import Block
from ...layout.margins import inner_width
from ...layout.motifs.wires import wire
from ...layout.provenance import count_item, origin, provenance
from ...model.calls import ONEDNN, WORDS, Call, Called, called_sizes, rows
from ...model.layer_run import MAX_SUMMED_STEPS, LayerRun
from ...proof.bindings import Sentence, sentence
from ...proof.digits import count_phrase
from ...scene.marks import Mark, shift
from ...scene.scenes import Diagram, Head
from .backends import asked_backends, ladder, middle
from .call_table import grid, ordered

GAP = 30.0
"""Between the backends and the table of calls."""


def dispatch(subject: LayerRun, width: float, *, call: Call = "float32") -> Diagram:
    """Which operators torch calls, and who runs them.

    Args:
        subject: What is drawn.
        width: The width that the figure may use.
        call: The way in which the module is called.
    """
    assert subject.record is not None
    called: Called = subject.record.values["called"][call]
    steps = 1 if call == "cell" else min(MAX_SUMMED_STEPS, len(subject.steps))
    table = rows(called, steps)
    names = ordered(set(table))
    space = inner_width(width)
    backends = asked_backends(called, call, steps)
    above = ladder(backends, space)
    below = grid(call, called, [(n, table[n]) for n in names], steps, space)
    running = next(k for k, backend in enumerate(backends) if backend.is_running)
    has_calls = any(row.all_calls for row in table.values())
    spoken = "; ".join(f"{n} {called.operators.count(n)}" for n in names)
    return Diagram(
        Head(
            _title(called, call, has_calls=has_calls),
            _lead(subject, called, call),
            _provenance(subject, call),
            _notes(subject, call, steps, has_calls=has_calls),
            origin(subject),
        ),
        f"{called.module}{WORDS[call]}, {count_phrase(steps, 'step')}. Asked in "
        f"order: {'; '.join(f'{r.name}: {r.state}' for r in backends)}. "
        f"aten::{called.operator} calls: {spoken}.",
        space,
        above.height + GAP + below.height,
        (
            *above.marks,
            *(shift(m, 0, above.height + GAP) for m in below.marks),
            *_call_arrow(running, space, above),
        ),
        width,
    )


def _call_arrow(running: int, width: float, above: Block) -> list[Mark]:
    """An arrow from the backend that runs the call to the operators it calls."""
    if width < 480:
        return []
    x = middle(running, width)
    ends = (x, above.height + 4), (x, above.height + GAP - 3)
    return [wire(*ends, tail=f"asked-{running}", head="calls", flow="order", paint="ink")]


def _title(called: Called, call: str, *, has_calls: bool) -> Sentence:
    names = f'called["{call}"]'
    layers = f'{names}.count("{ONEDNN}")'
    if called.backend == "oneDNN":
        title = "oneDNN runs all steps of a layer in one call"
        if call == "two-layers":
            title = "oneDNN runs each layer and direction in one call"
        return sentence(title, claim=f"{layers} == module.num_layers * (1 + module.bidirectional)")
    if not has_calls:
        return sentence("PyTorch runs this with its own operators", claim=f"{layers} == 0")
    if call == "cell":
        return sentence(
            "A cell is {} calls of PyTorch's own operators",
            (len(called.operators), f"len({names})"),
            claim=f"{layers} == 0",
        )
    return sentence(
        "PyTorch's own operators run step by step",
        claim=f'{names}.count("linear") == len(zeros) + 1',
    )


def _lead(subject: LayerRun, called: Called, call: Call) -> Sentence:
    """How torch chooses a backend, and what differs from the subject's own call."""
    claims = {
        "float64": "module.weight_ih_l0.dtype == torch.float64",
        "packed": "isinstance(packed, torch.nn.utils.rnn.PackedSequence)",
    }
    words, values = WORDS[call].strip(), []
    if called.module != subject.module:
        words = f"for {{}} {words}".strip()
        values.append((called.module, 'f"nn.{module}"'))
    begins = f"{words}, torch" if words else "torch"
    return sentence(
        f"{begins[0].upper()}{begins[1:]} asks one library after another; "
        "the first that can run the call decides what "
        f"aten::{called.operator} calls.",
        *values,
        claim=claims.get(call, ""),
    )


def _provenance(subject: LayerRun, call: str) -> Sentence:
    if call == "cell":
        return provenance(subject)
    step_count = min(MAX_SUMMED_STEPS, len(subject.steps))
    return provenance(subject, count_item("step", step_count, "len(zeros)"))


def _notes(subject: LayerRun, call: str, steps: int, *, has_calls: bool) -> tuple[Sentence, ...]:
    assert subject.record is not None
    own_sizes = subject.weights.input_size, subject.weights.hidden_size
    small = called_sizes(*own_sizes)
    notes = [
        sentence(
            "Recorded on a CPU by the profiler of torch {}; another version, "
            "build or CPU may call other operators. Nothing was run on a GPU: "
            "the order in which libraries are asked is from torch's source.",
            (subject.record.torch, 'torch.__version__.partition("+")[0]'),
        )
    ]
    if has_calls:
        bar = "" if call == "cell" else "; a bar is one call for all steps"
        notes.insert(0, sentence(f"A square is a call{bar}."))
    if call == "packed" and steps > 1:
        notes.append(
            sentence(
                "Each sequence is one step shorter than the one before it, down to one step.",
                claim="all(n == max(1, lengths[0] - k) for k, n in enumerate(lengths))",
            )
        )
    if call != "cell" and len(subject.steps) > steps:
        notes.append(sentence("Later steps, to {}, are left out.", (len(subject.steps), "len(x)")))
    if small != own_sizes:
        notes.append(
            sentence(
                "Counted with input_size {} and hidden_size {}; the counts depend on neither.",
                (small[0], "module.input_size"),
                (small[1], "module.hidden_size"),
            )
        )
    return tuple(notes)
