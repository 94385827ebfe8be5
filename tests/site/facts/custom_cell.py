"""What `custom-cell` quotes."""

from tests.site.quoting import record
from tests.site.records import CELLS

FACTS = (
    *record(
        CELLS,
        *(
            (
                f"| {way} | {{:.1f}} | {{:.1f}} | {{:.1f}} |",
                *(f"of['{size}'][{key!r}]" for size in (16, 64, 256)),
            )
            for way, key in (
                ("`nn.LSTM`", "LSTM, call"),
                ("the loop", "cell, call"),
                ("the loop, with a compiled cell", "compiled, call"),
                ("`nn.LSTM`, with `backward`", "LSTM, training"),
                ("the loop, with `backward`", "cell, training"),
                (
                    "the loop, with a compiled cell, with `backward`",
                    "compiled, training",
                ),
            )
        ),
        (
            "| Way | {} units | {} units | {} units |",
            *(f"[*of][{k}]" for k in range(3)),
        ),
        (
            "for {} steps of {} sequences",
            "script.STEPS",
            "script.BATCH",
        ),
        (
            "they were measured on {} with PyTorch {}, and",
            "day",
            "torch",
        ),
        (
            "In training the loop takes {:.1f} to {:.1f} times as long",
            "min(slower('cell', 'training'))",
            "max(slower('cell', 'training'))",
        ),
        (
            "The wider the layer, the less it matters",
            "all(sorted(slower('cell', what))[::-1] == slower('cell', what) "
            "for what in ('call', 'training'))",
        ),
        (
            "Compiling the cell changed little here",
            "all(0.9 < ratio < 1.1 for what in ('call', 'training') "
            "for ratio in slower('compiled', what, 'cell'))",
        ),
    ),
)
