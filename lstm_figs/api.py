"""What Python users call: trace a module, draw a figure."""

from collections.abc import Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING

from .command.request import Request
from .errors import UsageError, quoted
from .figure import WIDTH, Figure, check_layer, draw_figure
from .figures import Name
from .model.tensors import Trace
from .options import Value
from .sources import Source
from .sources.edits import edited, read_edits

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import LSTM, LSTMCell


def trace(
    module: "LSTM | LSTMCell",
    x: "Tensor",
    hx: "tuple[Tensor, Tensor] | None" = None,
    *,
    tokens: Sequence[str] = (),
) -> Trace:
    """Run a module and keep every intermediate result.

    Args:
        module: An `LSTMCell` or an `LSTM` in float32, with any number of
            layers, one or two directions, with or without projection.
        x: The input as the module takes it.
        hx: The first state as the module takes it, zeros by default.
        tokens: What each step reads, such as words or characters, for figures
            that print it; any strings, of at most 10,000 characters together;
            nothing by default.

    Returns:
        The trace; its `output`, `h_n` and `c_n` are the module's own, bit for
        bit, where no gradients are recorded. Where they are, torch takes
        another kernel, whose results differ by some 1e-7.

    Raises:
        UnsupportedModule: If the module or the input is of another form, or
            the module does something else than its class.
        UsageError: If the tokens are not one string for each step, or too
            long, or a sum overflows so that its result depends on the order
            of adding.
        ShapeError: If the module refuses the input.
        ProofError: If our equations and the module disagree.

    >>> import torch
    >>> lstm = torch.nn.LSTM(3, 2)
    >>> run = trace(lstm, torch.zeros(5, 1, 3))
    >>> len(run.steps), run.steps[0].f.shape, run.output.shape
    (5, (1, 2), (5, 1, 2))
    """
    from .capture import capture

    return capture(module, x, hx).named(tokens)


def draw(
    name: Name | str,
    trace: Trace | None = None,
    *,
    id: str | None = None,
    width: int = WIDTH,
    layer: int = 0,
    reverse: bool = False,
    set: Mapping[str, float] | None = None,
    **options: Value,
) -> Figure:
    """Draw a figure; a notebook shows it.

    Args:
        name: A name that `lstm-figs list` prints.
        trace: What is drawn; by default the example network, for `reading` the
            bracket network.
        id: What ids in the SVG begin with, the name by default.
        width: The width in pixels, 360 to 720.
        layer: The layer that is shown, counted from 0.
        reverse: Whether its reverse direction is shown.
        set: Numbers that are changed before it is drawn, such as
            `{"lstm.weight_hh_l0[0, 1]": 0.0}`: of a parameter (`cell.…` of an
            `LSTMCell`), of `readout`, `x`, `h_0` or `c_0`, as the figure's
            preamble names them. The module and the trace stay as they are.
        **options: Options of the figure, such as `unit=1`.

    Raises:
        UnknownName: If there is no such figure or option.
        UsageError: If the id or the width cannot be used, or an option, the
            layer, the direction or a number to set does not fit the tensors.

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
        raise UsageError(
            f"got reverse={quoted(reverse)}, expected True or False; pass one "
            "of them"
        )
    check_layer(layer)
    typed = _typed(set)
    if trace is None:
        source = Source(layer=layer or None, reverse=reverse, set=typed)
        return Request(name, source, id, width, tuple(options.items())).draw()
    return draw_figure(
        name,
        edited(trace, read_edits(typed)) if typed else trace,
        options,
        id=id,
        width=width,
        layer=layer,
        direction="reverse" if reverse else "forward",
    )


def _typed(changes: object) -> tuple[str, ...]:
    """Numbers to set as the command line has them.

    Raises:
        UsageError: If they are no mapping of names to numbers.
    """
    if changes is None:
        return ()
    if not isinstance(changes, Mapping):
        raise UsageError(
            f"got set={quoted(changes)}, expected a dict such as "
            '{"x[1, 0, 0]": 0.5}; pass one'
        )
    for place, value in changes.items():
        if not isinstance(place, str) or (
            isinstance(value, bool) or not isinstance(value, Real)
        ):
            raise UsageError(
                f"got {quoted(place)}: {quoted(value)} to set, expected the "
                "name of a number and a number; pass a string and a float"
            )
    return tuple(f"{place}={_float(v)!r}" for place, v in changes.items())


def _float(value: Real) -> float:
    """A number as a float.

    Raises:
        UsageError: If no float is as large.
    """
    try:
        return float(value)
    except OverflowError as error:
        raise UsageError(
            f"got {quoted(value)} to set, expected a number that a float "
            "holds; choose one nearer to zero"
        ) from error
