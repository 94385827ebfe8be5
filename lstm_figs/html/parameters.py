"""The table of a module's parameters."""

from ..model.layer_run import LayerRun


def parameter_table(subject: LayerRun) -> str:
    """Every parameter of the module with its shape and its size."""
    parameters = [
        (LayerRun(subject.trace, weights.layer, weights.direction), name, array)
        for weights in subject.trace.weights
        for name, array in weights.parameters().items()
    ]
    rows = "\n".join(
        f'<tr><th scope="row"><code>{part.parameter_name(name)}</code></th>'
        f"<td>{array.shape}</td><td>{array.size:,}</td></tr>"
        for part, name, array in parameters
    )
    total = sum(array.size for _part, _name, array in parameters)
    return (
        "<table>\n"
        f"<caption>The parameters of <code>{subject.module}</code></caption>\n"
        '<thead><tr><th scope="col">Tensor</th><th scope="col">Shape</th>'
        '<th scope="col">Numbers</th></tr></thead>\n'
        f"<tbody>\n{rows}\n</tbody>\n"
        '<tfoot><tr><th scope="row">All</th><td></td>'
        f"<td>{total:,}</td></tr></tfoot>\n"
        "</table>"
    )
