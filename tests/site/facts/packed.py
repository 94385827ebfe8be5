"""What `packed` quotes."""

from tests.site.quoting import figure

FACTS = (
    *figure(
        (
            "{:Word} sequences of different lengths",
            "len({*lengths.tolist()})",
        ),
        (
            "It has {:word} tensors, and with "
            "[`enforce_sorted=False`](#enforce_sorted) {:word} more",
            *(
                f"sum({end} for one, other in zip(packed, torch.nn.utils.rnn"
                ".pack_sequence([torch.ones(2)])) if one is not None)"
                for end in ("other is not None", "other is None")
            ),
        ),
        (
            "A sequence of {:word} steps with {:word} steps of padding",
            "len(sequence)",
            "len(zeros)",
        ),
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
