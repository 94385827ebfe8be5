"""What `nan` quotes."""

from tests.site.facts.common import listed
from tests.site.quoting import network

LEAST, MOST = "torch.tensor(-200.0)", "torch.tensor(200.0)"

IGNORED = "torch.nn.CrossEntropyLoss().ignore_index"

FACTS = network(
    "cell",
    (
        "`i`, `f` and `o` lie between {:.0f} and {:.0f}, `g` between {:.0f} "
        "and {:.0f}",
        *(f"{x}.{act}()" for act in ("sigmoid", "tanh") for x in (LEAST, MOST)),
    ),
    (
        "by no more than one per step",
        f"{MOST}.sigmoid() * {MOST}.tanh() == 1",
    ),
    (
        "`h` lies between {:.0f} and {:.0f} as well",
        *(f"{MOST}.sigmoid() * {x}.tanh()" for x in (LEAST, MOST)),
    ),
    (
        "`(targets != -100).sum()` is {}",
        f"(torch.full((2,), {IGNORED}) != -100).sum()",
    ),
    (
        "its largest number is {:.0f}",
        "torch.finfo(torch.float16).max",
    ),
    ("skips targets of {}", IGNORED),
    (
        "begin with the {} of this listing",
        listed(r"max_norm=(\d)[.]0", "nan.md"),
    ),
)
