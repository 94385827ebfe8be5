"""`lstm-figs influence`: print the few weights that matter for one answer at one step."""

import argparse
import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..command.parsing import MAX_NUMBER, Commands, Parser, add_source, source_of, whole_number
from ..errors import UnknownName, UsageError
from ..names import printable
from .input_warnings import layer_of, sequence_note
from .streams import print_error, print_text
from .tables import table

if TYPE_CHECKING:
    from ..model.influence import Answer, Cut, Influence
    from ..model.layer_run import LayerRun
    from ..model.tensors import Trace

COLUMNS = ("weight", "", "value", "estimate", "change", "chance 95 %")
"""The columns of the table of weights; the second says what a weight connects."""

ABOUT = (
    "The answer is the logit of --output. With --labels it is, for each label, the c or h of "
    "the unit that predicts it best, minus the midpoint of its means over true and over false "
    "steps; a positive answer is true. A label has no answer if chance, the token or an "
    "untrained module predicts it as well. Chance means the same label, shifted so far that it "
    "correlates with itself by at most 0.5."
)
"""What an answer is, for `--help`."""


LEGEND = (
    "A cut sets one weight to 0 and runs the network again. Estimate: gradient × weight. "
    "Chance: 95 % of the weights nearest in magnitude change the answer by less."
)
"""The line below the tables."""


class _Question(NamedTuple):
    """One answer to find the weights of.

    Attributes:
        name: The output or the label.
        state: The state that is the answer for a label, such as `c of unit 63`; empty for
            an output.
        answer: What to compute; None if there is none.
        why_not: The reason if there is none.
    """

    name: str
    state: str = ""
    answer: "Answer | None" = None
    why_not: str = ""


def add(commands: Commands, _: Sequence[str]) -> None:
    """Add the command to a parser."""
    parser: Parser = commands.add_parser(
        "influence",
        help="print the few weights that matter for one answer at one step",
        epilog=ABOUT,
    )
    add_source(parser)
    parser.add_argument(
        "--step",
        type=whole_number(1, MAX_NUMBER),
        metavar="K",
        required=True,
        help="the step after which the answer is read",
    )
    parser.add_argument(
        "--output", metavar="NAME", help="an output of the readout, by its name in the file"
    )
    parser.add_argument("--json", action="store_true", help="as JSON")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> None:
    """Print the weights whose cuts change an answer most.

    Raises:
        LstmFigsError: If the source, the step, the output or the labels cannot be used.
    """
    import numpy as np

    from ..model.influence import influence

    source = source_of(arguments)
    if (arguments.output is None) == (source.labels is None):
        got = "neither --output nor --labels" if source.labels is None else "both"
        raise UsageError(
            f"got {got}, expected --output NAME, or --labels FILE for a network without a "
            "readout; pass one of them"
        )
    subject = layer_of(source, "influence")
    trace = subject.trace
    t = subject.step_index(arguments.step)
    if arguments.output is not None:
        questions = [_output(trace, arguments.output, t)]
    else:
        questions = list(_labels(subject, t))
    arrays = [getattr(step, name) for step in trace.steps for name in "cx"]
    if not all(np.isfinite(array).all() for array in arrays):
        raise UsageError(
            "got numbers that are NaN or infinite at some step, expected finite ones; draw "
            "gates-over-time, which shows where they begin"
        )
    results = [q.answer and influence(trace, q.answer) for q in questions]
    if arguments.json:
        entries = [
            _json(trace, question, arguments.step, result)
            for question, result in zip(questions, results, strict=True)
        ]
        print_text(json.dumps(entries, indent=2))
        for line in sequence_note(trace):
            print_error(line)
        return
    lines: list[str] = []
    for question, result in zip(questions, results, strict=True):
        lines += [*_lines(trace, question, arguments.step, result), ""]
    lines.append(LEGEND if any(results) else "Nothing was cut.")
    print_text("\n".join([*lines, *sequence_note(trace)]))


def _output(trace: "Trace", name: str, t: int) -> _Question:
    """The logit of an output.

    Raises:
        UsageError: If there is no read-out, or it has no such output.
    """
    import numpy as np

    from ..model.influence import Answer

    readout = trace.origin.readout
    if readout is None:
        raise UsageError(
            "got --output for a network without a readout, expected a .safetensors file with "
            "readout.weight, and outputs in its metadata; pass --labels FILE instead"
        )
    if name not in readout.outputs:
        raise UnknownName("output", name, readout.outputs)
    place = readout.outputs.index(name)
    offset = 0.0 if readout.bias is None else float(readout.bias[place])
    of_c = np.zeros(trace.weights[0].hidden_size)
    of_h = readout.weight[place].astype(np.float64)
    answer = Answer(entry=0, t=t, of_h=of_h, of_c=of_c, offset=offset)
    return _Question(name, answer=answer)


def _labels(subject: "LayerRun", t: int) -> "Iterator[_Question]":
    """For each label, the state that tells it best, less the middle of its two means."""
    import numpy as np

    from ..layout.motifs import ranked_labels
    from ..model.influence import Answer
    from .units import label_results, too_few

    size = subject.weights.hidden_size
    states = ranked_labels.states_by_step(subject).astype(np.float64)
    for result, (name, values) in zip(label_results(subject), subject.trace.labels, strict=True):
        best = result.best
        if best is None:
            why_not = f"{too_few()}, or name an output of a readout with --output"
            yield _Question(name, why_not=why_not)
            continue
        if best.rival:
            yield _Question(name, why_not=f"{best.rival} predicts it as well as any unit")
            continue
        # The columns are c of each unit, then h of each unit.
        column = best.unit + (size if best.state == "h" else 0)
        true = np.array(subject.in_processing_order(values))
        means = states[true, column].mean(), states[~true, column].mean()
        sign = 1.0 if means[0] > means[1] else -1.0
        of_h, of_c = np.zeros((2, size))
        (of_h if best.state == "h" else of_c)[best.unit] = sign
        middle = float(sum(means)) / 2
        answer = Answer(entry=subject.index, t=t, of_h=of_h, of_c=of_c, offset=-sign * middle)
        yield _Question(name, f"{best.state} of unit {best.unit}", answer)


def _names(trace: "Trace", cut: "Cut") -> list[str]:
    """The names of a weight in preambles, as `--set` takes them; two for a bias."""
    weights = trace.weights[cut.entry]
    variable, suffix = ("cell", "") if trace.kind == "LSTMCell" else ("lstm", weights.suffix)
    bases = ("bias_ih", "bias_hh") if cut.name == "bias" else (cut.name,)
    return [f"{variable}.{base}{suffix}{list(cut.at)}" for base in bases]


def _role(trace: "Trace", cut: "Cut") -> str:
    """What a weight connects, such as `unit 1 to i of unit 0`."""
    if cut.name == "weight_hr":
        return f"unit {cut.at[1]} to h[{cut.at[0]}]"
    weights = trace.weights[cut.entry]
    gate = "ifgo"[cut.at[0] // weights.hidden_size]
    unit = cut.at[0] % weights.hidden_size
    if cut.name == "bias":
        return f"{gate} of unit {unit}"
    before = f"x[{cut.at[1]}]" if cut.name == "weight_ih" else f"unit {cut.at[1]}"
    if cut.name == "weight_hh" and weights.proj_size:
        before = f"h[{cut.at[1]}]"
    return f"{before} to {gate} of unit {unit}"


def _lines(trace: "Trace", question: _Question, step: int, result: "Influence | None") -> list[str]:
    """A table of weights, and what it says."""
    name = printable(question.name)
    if result is None:
        return [f"“{name}”: there is no answer, because {question.why_not}."]
    rows = [
        [
            # In the format of numbers, z prints -0 as 0.
            " + ".join(_names(trace, cut)),
            _role(trace, cut),
            *(f"{n:z.3g}" for n in (cut.value, cut.estimate, cut.change, cut.chance)),
        ]
        for cut in result.cuts
    ]
    state = f" ({question.state}, minus the midpoint)" if question.state else ""
    cut_count = f"{result.cut_count:,} of {result.weight_count:,}"
    if result.cut_count == result.weight_count:
        cut_count = f"All {result.weight_count:,}"
    return [
        *table([COLUMNS, *rows], COLUMNS[2:]),
        f"“{name}” after step {step}{state} is {result.value:z.2f}. {_verdict(trace, result)} "
        f"{cut_count} weights were cut.",
    ]


def _verdict(trace: "Trace", result: "Influence") -> str:
    """Whether one weight is worth a sentence."""
    first, turning = result.cuts[0], result.turning
    name = " + ".join(_names(trace, first))
    if first in turning:
        without = f"{result.value + first.change:z.2f}"
        others = f", as without {len(turning) - 1} more of these" if len(turning) > 1 else ""
        return f"Without {name} alone it turns to {without}{others}."
    # Both values of the answer may be equal after rounding, but not their difference.
    largest = f"the largest change is {first.change:z.2g}, without {name}"
    if abs(first.change) <= first.chance:
        return f"No weight matters beyond chance; {largest}."
    return f"No single weight turns it; {largest}."


def _json(
    trace: "Trace", question: _Question, step: int, result: "Influence | None"
) -> dict[str, Any]:
    """An answer and its weights for `--json`."""
    entry: dict[str, Any] = {"answer": question.name, "step": step}
    if result is None:
        return {**entry, "why_not": question.why_not, "weights": []}
    return {
        **entry,
        "state": question.state or "logit",
        "value": result.value,
        "turns": result.cuts[0] in result.turning,
        "cut": result.cut_count,
        "of": result.weight_count,
        "weights": [
            {
                "names": _names(trace, cut),
                "role": _role(trace, cut),
                "value": cut.value,
                "estimate": cut.estimate,
                "change": cut.change,
                "chance": cut.chance,
                "neighbours": cut.neighbours,
            }
            for cut in result.cuts
        ],
    }
