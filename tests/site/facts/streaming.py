"""What `streaming` quotes."""

from tests.site.facts.common import text
from tests.site.quoting import network, record
from tests.site.records import STREAMING

FACTS = (
    *network(
        "cell",
        (
            "The script has {:word} classes",
            f"{text('code/streaming.py')}.count('\\nclass ')",
        ),
    ),
    *record(
        STREAMING,
        (
            "| one call over all steps | {:.1f} | {:.1f} | {:.1f} |",
            *(f"of('one call', {size})" for size in (16, 64, 256)),
        ),
        *(
            (
                f"| {way} | {{:,.0f}} | {{:,.0f}} | {{:,.0f}} |",
                *(f"of({key!r}, {size})" for size in (16, 64, 256)),
            )
            for way, key in (
                ("`nn.LSTMCell`, step by step", "LSTMCell"),
                (
                    "`nn.LSTM`, step by step, oneDNN off",
                    "LSTM without oneDNN",
                ),
                ("`nn.LSTM`, step by step", "LSTM"),
            )
        ),
        (
            "on one core of a CPU, with PyTorch {}, for one sequence",
            "torch",
        ),
        (
            "| Way | {} units | {} units | {} units |",
            *(f"[*microseconds][{k}]" for k in range(3)),
        ),
        (
            "the cell is faster, by a factor of {:.1f} to {:.1f}",
            *(
                f"{least}(of('LSTM', s) / of('LSTMCell', s) "
                "for s in microseconds)"
                for least in ("min", "max")
            ),
        ),
        (
            "three times as fast or more",
            "all(of('LSTM', s) > 3 * of('LSTMCell', s) for s in microseconds)",
        ),
        (
            "Without it `nn.LSTM` comes closer",
            "all(of('LSTMCell', s) < of('LSTM without oneDNN', s) "
            "< of('LSTM', s) for s in microseconds)",
        ),
        (
            "In one call over many steps, each of them costs less than half of "
            "any step that is called alone",
            "all(2 * of('one call', s) < of('LSTMCell', s) "
            "for s in microseconds)",
        ),
    ),
)
