"""The Python interface: load or trace a module, and draw a figure."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from numbers import Real
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from .command.parsing import read_source
from .command.request import Request
from .errors import UsageError, quoted
from .figure import WIDTH, Aspect, Figure, check_labelled, check_layer, draw_figure
from .figures import TRAINED, Name
from .model.tensors import Array, Trace
from .options import Value, is_whole_number
from .sources import Source
from .sources.edits import edited, read_edits
from .sources.labels import checked_labels, read_labels, with_labels
from .sources.sample import sampled

if TYPE_CHECKING:
    from torch.nn import Module

SOURCE_OPTIONS = {field.name for field in fields(Source)} - {
    "call_index",
    "earlier",
    "labels",
    "layer",
    "program",
    "reverse",
    "sample",
    "set",
}
"""The options that describe a source, as keyword arguments.

Those left out are parameters of `draw` itself, or only make sense on a command line.
"""


def load(
    weights: "str | PathLike[str]",
    *,
    tokens: "str | PathLike[str] | Sequence[str] | None" = None,
    **source: Any,
) -> Trace:
    """Read an LSTM from a weights file, and run it.

    Args:
        weights: The file, in a format that `--weights` reads.
        tokens: What each step reads: the strings, or a `.json` file of them.
        **source: Further options of the command line, with `_` for `-`:
            `module="encoder.rnn"`, and `input="x.npy"`, or `text`, or
            `seq_len`, `batch_size` and `seed` for a random input.

    Raises:
        UsageError: If an option is unknown or cannot be used.
        InputError: If a file cannot be read.

    >>> load("docs/code/classifier.safetensors", seq_len=2, tokens=["a", "b"])
    <Trace of LSTM(16, 16, bidirectional=True) over 2 steps>
    """
    options = {"weights": _path("weights", weights), **source}
    if tokens is None or isinstance(tokens, str | PathLike):
        return read_source({**options, "tokens": tokens and fspath(tokens)}).trace()
    return read_source(options).trace().named(tokens)


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
    call_index: int | None = None,
    tokens: Sequence[str] = (),
    step_seconds: float | None = None,
    **named: Any,
) -> Trace:
    """Run a module and keep every intermediate result.

    Args:
        model: An `LSTMCell` or an `LSTM` in float32, with any number of
            layers, one or two directions, with or without projection; or a
            model with one of these inside, or a method of that model.
        *inputs: Its arguments: for an LSTM the input, and the initial state,
            which is zeros by default.
        module: The name of the LSTM inside the model, such as `encoder.rnn`.
            The model is called once, and its LSTM is traced with the input
            that it got. Calls that continue each other's state, as in a
            decoder, are one run.
        call_index: Trace only this call of the LSTM, counted from 0.
        tokens: What each step reads, such as words or characters, for figures
            that print it; strings of at most 10,000 characters in all. Numbers
            that grow are times, of which figures print a few.
        step_seconds: The duration of a step, for an axis of time.
        **named: Keyword arguments of the module.

    Returns:
        The trace. Its `output`, `h_n` and `c_n` equal the module's bit for bit
        if no gradients are recorded. If they are, torch uses a different
        kernel, whose results differ by about 1e-7.

    Raises:
        UnsupportedModule: If the module or the input has a different form, or
            the results of the module differ from those of its class.
        UsageError: If the inputs do not fit an LSTM, the calls of the LSTM in
            the model do not continue each other, the tokens are too long or not one string
            for each step, or a sum overflows so that its result depends on
            the order of addition.
        ShapeError: If the module raises an error for the shape of the input.
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
    from .capture import capture_model

    return capture_model(model, inputs, named, module, call_index).named(tokens).timed(step_seconds)


def writes(
    trace: Trace,
    *,
    layer: int = 0,
    reverse: bool = False,
    units: Sequence[int] | None = None,
    sample: int = 0,
) -> Array:
    """What each step, and the initial state, still contributes to c after each step.

    The figure `writes` draws these numbers.

    Args:
        trace: The run.
        layer: The layer, counted from 0.
        reverse: Whether to take its reverse direction.
        units: The units; all by default.
        sample: Which sequence of a batch, counted from 0.

    Returns:
        An array of shape `(steps, 1 + steps, units)`; see `Trace.writes`.

    Raises:
        UsageError: If there is no such layer, unit or sequence, or the array
            would have more than 50 million numbers.

    >>> array = writes(load("docs/code/classifier.safetensors", seq_len=3))
    >>> array.shape
    (3, 4, 16)
    """
    _check_trace(trace, "split")
    return trace.writes(layer, "reverse" if reverse else "forward", units, sample)


def _check_trace(trace: object, verb: str) -> None:
    """Raise an error for anything but a trace.

    Raises:
        UsageError: If it is not a trace.
    """
    if not isinstance(trace, Trace):
        raise UsageError(
            f"got {type(trace).__name__} to {verb}, expected a trace; make one "
            "with lstm_figs.trace(module, x)"
        )


def draw(
    name: Name | str,
    trace: Trace | None = None,
    *,
    id: str | None = None,
    width: int = WIDTH,
    title: str | None = None,
    note: str | None = None,
    no_heading: bool = False,
    no_notes: bool = False,
    aspect: Aspect | None = None,
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
        trace: The run to draw; by default that of the example network, and
            for `reading` that of the bracket network.
        id: The prefix of the ids in the SVG; the name by default.
        width: The width in pixels, 360 to 720.
        title: Your own title, marked as yours and not proven.
        note: Your own sentence at the foot, marked in the same way.
        no_heading: Whether to leave out the title and the lines below it.
        no_notes: Whether to leave out the figure's own sentences at the foot.
        aspect: `wide` composes it for a slide of 16 : 9.
        layer: The layer to show, counted from 0.
        reverse: Whether to show its reverse direction.
        labels: Labels of the steps: a list of booleans for each name, or a
            `.json` file with these. Figures over time show them. Figures of
            a few units choose a unit that predicts a label better than chance,
            the token and an untrained module.
        sample: Which sequence of a batch to show, counted from 0.
        set: Numbers to change before drawing, such as
            `{"lstm.weight_hh_l0[0, 1]": 0.0}`: of a parameter (`cell.…` of an
            `LSTMCell`), of `readout`, `x`, `h_0` or `c_0`. The module and the
            trace do not change.
        **options: Options of the figure, such as `unit=1`; without a trace,
            also a source as on the command line, with `_` for `-`:
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
    if trace is not None:
        _check_trace(trace, "draw")
    if not isinstance(reverse, bool):
        raise UsageError(f"got reverse={quoted(reverse)}, expected True or False; pass one of them")
    check_layer(layer)
    edits = _typed_edits(set)
    # Options have to be hashable, so lists become tuples.
    figure_options: dict[str, Value] = {
        option: tuple(value) if isinstance(value, list) else value
        for option, value in options.items()
        if option not in SOURCE_OPTIONS
    }
    source_options = {key: options[key] for key in options.keys() & SOURCE_OPTIONS}
    if trace is None:
        # The options of a source that `draw` has as arguments of its own.
        run_options: dict[str, object] = {
            # A command line leaves --layer 0 out, because it is the default.
            "layer": layer or None,
            "reverse": reverse,
            "sample": sample,
            "set": edits,
        }
        if isinstance(labels, str | PathLike):
            # The source reads the file.
            run_options["labels"], labels = labels, None
        default = TRAINED.get(name) if isinstance(name, str) else None
        source = read_source({**source_options, **run_options}, default=default, figure=name)
        if labels is None:
            request = Request(
                name,
                source,
                id=id,
                width=width,
                options=tuple(figure_options.items()),
                title=title,
                note=note,
                no_heading=no_heading,
                no_notes=no_notes,
                aspect=aspect,
            )
            return request.draw()
        # No command line can contain labels without a file, so there is no request. The
        # source has applied the edits and the sample already.
        trace, edits, sample = source.trace(), (), None
    elif source_options:
        raise UsageError(
            f"got {', '.join(sorted(source_options))} with a trace, expected one of them; "
            "leave the trace out, or pass this to lstm_figs.load"
        )
    if sample is not None:
        if not is_whole_number(sample):
            raise UsageError(f"got sample={quoted(sample)}, expected a whole number; pass an int")
        trace = sampled(trace, sample)
    if edits:
        trace = edited(trace, read_edits(edits))
    if labels is not None:
        check_labelled(name)
        own_labels = (
            read_labels(_path("labels", labels), trace.step_count)
            if isinstance(labels, str | PathLike)
            else checked_labels(labels, trace.step_count, "labels=")
        )
        trace = with_labels(trace, own_labels)
    return draw_figure(
        name,
        trace,
        figure_options,
        id=id,
        width=width,
        title=title,
        note=note,
        no_heading=no_heading,
        no_notes=no_notes,
        aspect=aspect,
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
            f"got {quoted(value)} to set, expected a number that a float holds; choose one "
            "closer to zero"
        ) from error
