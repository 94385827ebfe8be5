"""What `lstm-shapes` shows: all shapes of a module, for sizes that one types.

Without scripts a page says all of the module that the block names; with them
there are fields for another, and `browser/shapes.js` computes what
`model.sizes` does.
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
"""Fields for whole numbers: their names, the least and the largest of each."""

CHECKBOXES = ("bidirectional", "bias", "batch_first")
"""Arguments that are True or False."""


def calculator(header: str) -> str:
    """The fields, and what is true of the sizes in a header.

    Raises:
        UsageError: If the header is none of `lstm-figs shapes`.
    """
    sizes = read_sizes(header)
    return f"{_fields(sizes)}\n{description(sizes)}"


def description(sizes: Sizes) -> str:
    """What a module is, takes, returns, holds and costs."""
    parameters, *costs = sizes.costs
    parameter_axes, same_note = _first_layers(sizes)
    return (
        f'<p role="status"><code>{sizes.call}</code> has {parameters}.</p>\n'
        '<div class="lf-found">'
        "<table>\n"
        '<thead><tr><th scope="col">Tensor</th><th scope="col">Shape</th>'
        '<th scope="col">Axes</th></tr></thead>\n'
        f"<tbody>\n{_rows(sizes.call_axes)}\n{_rows(parameter_axes)}\n</tbody>\n"
        f"</table>\n<p>{same_note}</p>\n"
        f"<ul>{''.join(f'<li>{cost}</li>' for cost in costs)}</ul>\n"
        f"<p><code>{escape(command(sizes))}</code></p></div>"
    )


def _first_layers(sizes: Sizes) -> tuple[dict[str, Axes], str]:
    """The parameters of the first two layers, and what is said of the rest."""
    last = sizes.form.num_layers - 1
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
    return "\n".join(
        f'<tr><th scope="row"><code>{name}</code></th>'
        f"<td>{shape(axes)}</td>"
        f"<td>{', '.join(label for label, _ in axes)}</td></tr>"
        for name, axes in tensors.items()
    )


def _fields(sizes: Sizes) -> str:
    """One for each argument, with what the block begins with."""
    values = {
        **vars(sizes.form),
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
