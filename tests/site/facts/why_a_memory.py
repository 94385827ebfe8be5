"""What `why-a-memory` quotes."""

from tests.site.quoting import figure, record
from tests.site.records import BRACKETS

FACTS = (
    *figure(
        ("From {} steps back {:.1e} is left", "len(x) - 1", "norms['RNN'][0]"),
        (
            "an LSTM as PyTorch makes it is hardly better than the RNN",
            "norms['0'][0] < 1e-12",
        ),
        (
            "The larger the number, the more is left at the far end",
            "norms['1'][0] < norms['2'][0] < norms['5'][0]",
        ),
        (
            "it even rises again to the right",
            "norms['5'][0] > 5 * norms['5'][49]",
        ),
        (
            "The last curve is low just before the end",
            "norms['5'][49] < norms['2'][49]",
        ),
        (
            "has grown large, {:.1f} away from zero on average",
            "more(x.double())[1][1].abs().mean()",
        ),
        (
            "an input three steps back changes the memory by {:.2f}, and the "
            "output by {:.3f}",
            "torch.autograd.functional.jacobian("
            "lambda x: more(x)[1][1].sum(), x.double())[-4].norm()",
            "norms['5'][-4]",
        ),
    ),
    *record(
        BRACKETS,
        ("given {:,} fresh strings", "count"),
        (
            "{:,} strings of {} characters | Of {} characters",
            "count",
            "60",
            "200",
        ),
        (
            "| `nn.RNN(4, 2)` | {} | {}, {} and {} | {}, {} and {} |",
            "of('RNN', 2)[0]['parameters']",
            *(
                f"of('RNN', 2)[{seed}]['right_{length}']"
                for length in (60, 200)
                for seed in range(3)
            ),
        ),
        (
            "| `nn.RNN(4, 8)` | {} | {}, {} and {} | {}, {} and {} |",
            "of('RNN', 8)[0]['parameters']",
            *(
                f"of('RNN', 8)[{seed}]['right_{length}']"
                for length in (60, 200)
                for seed in range(3)
            ),
        ),
        ("three times each", "len(of('RNN', 2)) == len(of('RNN', 8)) == 3"),
        (
            "at best they follow half of the shorter strings to the end, and "
            "hardly any of the longer ones",
            "0.4 < max(n['right_60'] for n in of('RNN', 8)) / count < 0.6",
            "max(n['right_200'] for n in of('RNN', 8)) / count < 0.05",
        ),
    ),
)
