"""Proofs of figures, as Python that readers can run."""

from ..figure import Figure


def proof_code(figure: Figure) -> str:
    """Python that prints every number of a figure beside torch's."""
    pairs = {text.number.expr: text.content for text in figure.numbers() if text.number is not None}
    width = max(map(len, pairs), default=0)
    repeated = len(figure.numbers()) - len(pairs)
    lines = [
        f"show({expr!r:{width + 2}}, {printed!r:>9}, {expr})" for expr, printed in pairs.items()
    ]
    return "\n".join(
        [
            str(figure.metadata["preamble"]),
            "def show(expression, printed, value):",
            '    print(f"{expression:<' + str(width) + "} {printed:>9}"
            ' {torch.as_tensor(value).item()}")',
            "",
            "# What is computed, what the figure prints, and its exact value.",
            *([f"# The figure prints {repeated} of them again."] if repeated else []),
            *lines,
            "",
        ]
    )
