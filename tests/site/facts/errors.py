"""What `errors` quotes."""

from tests.site.quoting import figure

FACTS = (
    *figure(
        (
            "A state for {:word} sequences, with an input of {:word}.",
            "h_0_wrong.shape[1]",
            "x.shape[1]",
        ),
        ("An input of {:word} axes, which", "x_wrong.dim()"),
        ("the stride of the batch is {}", "h_0_wrong.stride(1)"),
        ("{:Word} features at each step", "x_wrong.shape[-1]"),
        (
            "{:Word}, because `weight_ih` has {:word} columns",
            "lstm.input_size",
            "lstm.weight_ih_l0.shape[1]",
        ),
        (
            "Merge the last {:word} axes with `x.flatten(2)`, or drop one of "
            "length {}",
            "x_wrong.dim() - 2",
            "x_wrong.shape[-1]",
        ),
        (
            "{:Word} features. - **Expected**: {:Word}, one for each column",
            "x_wrong.shape[-1]",
            "cell.weight_ih.shape[1]",
        ),
        ("A sequence of length {}.", "lengths.min()"),
        ("A smaller one, or {} for none", "lstm.proj_size"),
        ("{:Word} layers or more", "two.num_layers"),
        (
            "The loss takes axis {} for the classes",
            "right.shape.index(logits.shape[-1])",
        ),
    ),
)
