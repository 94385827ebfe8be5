"""What `packed` quotes."""

from tests.site.quoting import figure

FACTS = (
    *figure(
        ("with the first step of all four", "packed.batch_sizes[0] == 4"),
        (
            "sequence 1 first, because it is the longest",
            "packed.sorted_indices[0] == 1 == lengths.argmax()",
        ),
        (
            "first row {}, then {}, {} and {}",
            *(f"packed.sorted_indices[{k}]" for k in range(4)),
        ),
        (
            "row 0 is at place {}, row 1 at place {}",
            *(f"packed.unsorted_indices[{n}]" for n in range(2)),
        ),
        ("would take {} updates", "padded[..., 0].numel()"),
        ("ignores, {}", "torch.nn.CrossEntropyLoss().ignore_index"),
    ),
)
