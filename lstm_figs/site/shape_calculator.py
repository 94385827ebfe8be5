"""The calculator of `lstm-shapes`: all shapes of a module, for any sizes.

Without scripts a page shows the module of the block. With scripts it has
fields for different sizes, and `browser/shapes.js` computes the same as
`model.sizes`.
"""

from html import escape

from ..cli.shaping import MAX_LAYERS, MAX_SIZE, command, read_sizes
from ..model.sizes import Axes, Sizes, shape

NUMBER_FIELDS = (
    ("input_size", 1, MAX_SIZE),
    ("hidden_size", 1, MAX_SIZE),
    ("num_layers", 1, MAX_LAYERS),
    ("proj_size", 0, MAX_SIZE),
    ("seq_len", 1, MAX_SIZE),
    ("batch", 1, MAX_SIZE),
)
"""Fields for integers: their names, each with its minimum and maximum."""

CHECKBOXES = ("bidirectional", "bias", "batch_first")
"""Fields for Booleans."""


def calculator(header: str) -> str:
    """The fields, and the description of the module in a header.

    Raises:
        UsageError: If the header is not valid for `lstm-figs shapes`.
    """
    sizes = read_sizes(header)
    return f"{_fields(sizes)}\n{description(sizes)}"


def description(sizes: Sizes) -> str:
    """The constructor, inputs, outputs, parameters and costs of a module."""
    parameter_count, *cost_phrases = sizes.cost_phrases
    parameter_axes, same_note = _first_layers(sizes)
    return (
        f'<p role="status"><code>{sizes.constructor_call}</code> has {parameter_count}.</p>\n'
        '<div class="lf-found">'
        "<table>\n"
        '<thead><tr><th scope="col">Tensor</th><th scope="col">Shape</th>'
        '<th scope="col">Axes</th></tr></thead>\n'
        f"<tbody>\n{_rows(sizes.call_axes)}\n{_rows(parameter_axes)}\n</tbody>\n"
        f"</table>\n<p>{same_note}</p>\n"
        f"<ul>{''.join(f'<li>{phrase}</li>' for phrase in cost_phrases)}</ul>\n"
        f"<p><code>{escape(command(sizes))}</code></p></div>"
    )


def _first_layers(sizes: Sizes) -> tuple[dict[str, Axes], str]:
    """The parameters of the first two layers, and a sentence about the rest."""
    last = sizes.arguments.num_layers - 1
    if last < 2:
        return sizes.parameter_axes, ""
    parameter_axes = {
        name: axes
        for name, axes in sizes.parameter_axes.items()
        if name.removesuffix("_reverse").endswith(("_l0", "_l1"))
    }
    rest = "Layer 2 has" if last == 2 else f"Layers 2 to {last} have"
    return parameter_axes, f"{rest} the shapes of layer 1."


def _rows(tensors: dict[str, Axes]) -> str:
    """The rows of a table of tensors."""
    return "\n".join(
        f'<tr><th scope="row"><code>{name}</code></th>'
        f"<td>{shape(axes)}</td>"
        f"<td>{', '.join(label for label, _ in axes)}</td></tr>"
        for name, axes in tensors.items()
    )


def _fields(sizes: Sizes) -> str:
    """A field for each argument, with the value in the block's header."""
    values = {
        **vars(sizes.arguments),
        "seq_len": sizes.seq_len,
        "batch": 1 if sizes.batch is None else sizes.batch,
        "batch_first": sizes.batch_first,
    }
    unused = {"batch"} if sizes.batch is None else set()
    number_inputs = "".join(
        f"<label><code>{name}</code> "
        f'<input name="{name}" type="number" inputmode="numeric" required '
        f'min="{least}" max="{most}" step="1" value="{values[name]}"'
        f"{' disabled' if name in unused else ''}></label>\n"
        for name, least, most in NUMBER_FIELDS
    )
    checkboxes = "".join(
        f'<label><input name="{name}" type="checkbox"'
        f"{' checked' if values[name] else ''}> <code>{name}</code></label>\n"
        for name in CHECKBOXES
    )
    checked = " checked" if sizes.batch is None else ""
    return (
        '<form hidden autocomplete="off" aria-label="Sizes of an nn.LSTM">\n'
        f"{number_inputs}{checkboxes}"
        f'<label><input name="unbatched" type="checkbox"{checked}> without a '
        'batch axis</label>\n<p><button type="button">Copy as Python</button> '
        '<button type="button">Copy link</button> <span role="status"></span>'
        "</p></form>"
    )
