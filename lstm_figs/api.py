"""The Python interface: load or trace a module, and draw a figure."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from numbers import Real
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from .command.parsing import read_source
from .command.request import Request
from .errors import UsageError, quoted
from .figure import WIDTH, Figure, check_labelled, check_layer, draw_figure
from .figures import TRAINED, Name
from .model.tensors import Trace
from .options import Value, is_whole_number
from .sources import Source
from .sources.edits import edited, read_edits
from .sources.labels import checked_labels, read_labels, with_labels
from .sources.sample import sampled

if TYPE_CHECKING:
    from torch.nn import Module

SOURCE_OPTIONS = {field.name for field in fields(Source)} - {
    "labels",
    "layer",
    "reverse",
    "sample",
    "set",
}
"""The options that describe a source, by their names on the command line."""


def load(
    weights: "str | PathLike[str]",
    *,
    tokens: "str | PathLike[str] | Sequence[str] | None" = None,
    **source: Any,
) -> Trace:
    """Read an LSTM of a weights file, and run it.

    Args:
        weights: The file, as `--weights` takes it.
        tokens: What each step reads: the strings, or a `.json` file of them.
        **source: What else the command line takes beside `--weights`, with `_`
            for `-`: `module="encoder.rnn"`, and `input="x.npy"`, or `text`, or
            `seq_len`, `batch_size` and `seed` of an input drawn at random.

    Raises:
        UsageError: If an option is unknown or cannot be used.
        InputError: If a file cannot be read.

    >>> load("docs/code/classifier.safetensors", seq_len=2, tokens=["a", "b"])
    <Trace of LSTM(16, 16, bidirectional=True) over 2 steps>
    """
    own = {"weights": _path("weights", weights), **source}
    if tokens is None or isinstance(tokens, str | PathLike):
        return read_source({**own, "tokens": tokens and fspath(tokens)}).trace()
    return read_source(own).trace().named(tokens)


def _path(name: str, value: object) -> str:
    """A path as a string.

    Raises:
        UsageError: If it is not a path.
    """
    if not isinstance(value, str | PathLike):
        raise UsageError(
            f"got {name}={quoted(value)}, expected the name of a file; pass a string or a Path"
        )
    return str(fspath(value))


def trace(
    model: "Module",
    /,
    *inputs: Any,
    module: str | None = None,
    tokens: Sequence[str] = (),
    **named: Any,
) -> Trace:
    """Run a module and keep every intermediate result.

    Args:
        model: An `LSTMCell` or an `LSTM` in float32, with any number of
            layers, one or two directions, with or without projection; or a
            model with one of these inside.
        *inputs: What it is called with: of an LSTM its input, and the first
            state, which is zeros by default.
        module: The name of the LSTM inside the model, such as `encoder.rnn`.
            The model is called once, and the LSTM traced with what reached it.
        tokens: What each step reads, such as words or characters, for figures
            that print it; any strings, of at most 10,000 characters together;
            nothing by default.
        **named: What else it is called with, by name.

    Returns:
        The trace; its `output`, `h_n` and `c_n` are the module's own, bit for
        bit, where no gradients are recorded. Where they are, torch takes
        another kernel, whose results differ by some 1e-7.

    Raises:
        UnsupportedModule: If the module or the input is of another form, or
            the module does something else than its class.
        UsageError: If the inputs are not those of an LSTM, the model does not
            call such a part once, the tokens are not one string for each step
            or too long, or a sum overflows so that its result depends on the
            order of adding.
        ShapeError: If the module refuses the input.
        ProofError: If our equations and the module disagree.

    >>> import torch
    >>> lstm = torch.nn.LSTM(3, 2)
    >>> run = trace(lstm, torch.zeros(5, 1, 3))
    >>> len(run.steps), run.steps[0].f.shape, run.output.shape
    (5, (1, 2), (5, 1, 2))
    >>> model = torch.nn.Sequential(torch.nn.Embedding(9, 3), lstm)
    >>> trace(model, torch.tensor([[7], [1]]), module="1").x.shape
    (2, 1, 3)
    """
    from .capture import capture, captured_call

    if module is not None:
        model, inputs, named = captured_call(model, inputs, named, module)
    x, hx = _input_and_state(*inputs, **named)
    return capture(model, x, hx).named(tokens)


def _input_and_state(*inputs: Any, **named: Any) -> tuple[Any, Any]:
    """The input and the first state, None for zeros.

    Raises:
        UsageError: If there is no input, or more than a state beside it.
    """
    positional = dict(zip(("input", "hx"), inputs, strict=False))
    keywords = {"input" if name == "x" else name: v for name, v in named.items()}
    arguments = keywords | positional
    if (
        "input" not in arguments
        or len(arguments) < len(inputs) + len(keywords)
        or (arguments.keys() - {"input", "hx"})
    ):
        raise UsageError(
            f"got {len(inputs)} inputs{''.join(f', {n}=' for n in named)} for "
            "an LSTM, expected its input, and hx, the first state, if it is "
            "not zeros; pass these"
        )
    return arguments["input"], arguments.get("hx")


def draw(
    name: Name | str,
    trace: Trace | None = None,
    *,
    id: str | None = None,
    width: int = WIDTH,
    title: str | None = None,
    note: str | None = None,
    layer: int = 0,
    reverse: bool = False,
    labels: "Mapping[str, Sequence[bool]] | str | PathLike[str] | None" = None,
    sample: int | None = None,
    set: Mapping[str, float] | None = None,
    **options: Any,
) -> Figure:
    """Draw a figure; a notebook shows it.

    Args:
        name: A name that `lstm-figs list` prints.
        trace: What is drawn; by default the example network, for `reading` the
            bracket network.
        id: What ids in the SVG begin with, the name by default.
        width: The width in pixels, 360 to 720.
        title: A title in place of the figure's own, marked as yours and not
            proven.
        note: A sentence that is added at the foot, marked so as well.
        layer: The layer that is shown, counted from 0.
        reverse: Whether its reverse direction is shown.
        labels: What is true at each step, for figures over time and those
            that draw some of many units: for each name a list of true and
            false, or a `.json` file of that. A unit is drawn for a label where
            it tells it better than chance, the token and an untrained module.
        sample: Which sequence of a batch is shown, counted from 0, as if it
            had been read alone; the first by default.
        set: Numbers that are changed before it is drawn, such as
            `{"lstm.weight_hh_l0[0, 1]": 0.0}`: of a parameter (`cell.…` of an
            `LSTMCell`), of `readout`, `x`, `h_0` or `c_0`, as the figure's
            preamble names them. The module and the trace stay as they are.
        **options: Options of the figure, such as `unit=1`; in place of a trace
            also what the command line says of a source, with `_` for `-`:
            `network="brackets"`, `text="f(a)"`, `weights="model.pt"`.

    Raises:
        UnknownName: If there is no such figure or option.
        InputError: If a file cannot be read.
        UsageError: If the id, the width, the title or the note cannot be
            used, or an option, the layer, the direction, the sample or
            a number to set does not fit the tensors.

    >>> figure = draw("four-weights", unit=1)
    >>> figure.title
    'Four weights for each input'
    """
    if trace is not None and not isinstance(trace, Trace):
        raise UsageError(
            f"got {type(trace).__name__} to draw, expected a trace; make one "
            "with lstm_figs.trace(module, x)"
        )
    if not isinstance(reverse, bool):
        raise UsageError(f"got reverse={quoted(reverse)}, expected True or False; pass one of them")
    check_layer(layer)
    typed = _typed_edits(set)
    # Options have to be hashable, so lists become tuples.
    own: dict[str, Value] = {
        option: tuple(value) if isinstance(value, list) else value
        for option, value in options.items()
        if option not in SOURCE_OPTIONS
    }
    source_options = {key: options[key] for key in options.keys() & SOURCE_OPTIONS}
    if trace is None:
        of_layer: dict[str, object] = {
            "layer": layer or None,
            "reverse": reverse,
            "sample": sample,
            "set": typed,
        }
        if isinstance(labels, str | PathLike):
            of_layer["labels"], labels = labels, None
        trained = isinstance(name, str) and name in TRAINED
        source = read_source({**source_options, **of_layer}, trained=trained)
        if labels is None:
            request = Request(
                name, source, id=id, width=width, options=tuple(own.items()), title=title, note=note
            )
            return request.draw()
        # Labels without a file cannot be written on a command line.
        trace, typed, sample = source.trace(), (), None
    elif source_options:
        raise UsageError(
            f"got {', '.join(sorted(source_options))} beside a trace, expected one of "
            "them; leave the trace out, or give it to lstm_figs.load"
        )
    if sample is not None:
        if not is_whole_number(sample):
            raise UsageError(f"got sample={quoted(sample)}, expected a whole number; pass an int")
        trace = sampled(trace, sample)
    if typed:
        trace = edited(trace, read_edits(typed))
    if labels is not None:
        check_labelled(name)
        steps = len(trace.steps) // len(trace.weights)
        own_labels = (
            read_labels(_path("labels", labels), steps)
            if isinstance(labels, str | PathLike)
            else checked_labels(labels, steps, "labels=")
        )
        trace = with_labels(trace, own_labels)
    return draw_figure(
        name,
        trace,
        own,
        id=id,
        width=width,
        title=title,
        note=note,
        layer=layer,
        direction="reverse" if reverse else "forward",
    )


def _typed_edits(changes: object) -> tuple[str, ...]:
    """Numbers to set, in the form of the command line.

    Raises:
        UsageError: If they are not a mapping of names to numbers.
    """
    if changes is None:
        return ()
    if not isinstance(changes, Mapping):
        raise UsageError(
            f'got set={quoted(changes)}, expected a dict such as {{"x[1, 0, 0]": 0.5}}; pass one'
        )
    for place, value in changes.items():
        if not isinstance(place, str) or (isinstance(value, bool) or not isinstance(value, Real)):
            raise UsageError(
                f"got {quoted(place)}: {quoted(value)} to set, expected the "
                "name of a number and a number; pass a string and a float"
            )
    return tuple(f"{place}={_float(v)!r}" for place, v in changes.items())


def _float(value: Real) -> float:
    """A number as a float.

    Raises:
        UsageError: If it is too large for a float.
    """
    try:
        return float(value)
    except OverflowError as error:
        raise UsageError(
            f"got {quoted(value)} to set, expected a number that a float "
            "holds; choose one nearer to zero"
        ) from error
