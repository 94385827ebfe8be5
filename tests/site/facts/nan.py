"""What `nan` quotes."""

import torch

from tests.listings import blocks
from tests.site.facts.common import default, drawn, listed
from tests.site.quoting import asked, network

LEAST, MOST = "torch.tensor(-200.0)", "torch.tensor(200.0)"

IGNORED = "torch.nn.CrossEntropyLoss().ignore_index"


def clipped(length: float) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """A gradient before and after its norm is clipped, and what is returned."""
    number = torch.nn.Parameter(torch.zeros(4))
    number.grad = drawn(4) / drawn(4).norm() * length
    before = number.grad.clone()
    found = torch.nn.utils.clip_grad_norm_([number], max_norm=1.0)
    return before, number.grad, found


def is_shortened_if_longer() -> bool:
    (long, shorter, _), (short, same, _) = clipped(5.0), clipped(0.5)
    along = torch.nn.functional.cosine_similarity(long, shorter, dim=0)
    is_along = abs(along - 1) < 1e-5 and abs(shorter.norm() - 1) < 1e-4
    return bool(is_along) and torch.equal(short, same)


def returns_the_length_before() -> bool:
    before, _, found = clipped(5.0)
    return torch.allclose(found, before.norm())


def root_or_log_of_zero() -> bool:
    found = []
    for act in (torch.Tensor.log, torch.Tensor.sqrt):
        zero = torch.zeros(1, requires_grad=True)
        act(zero).sum().backward()
        found.append(bool(zero.grad.isfinite().all()))
    return not any(found)


def listing() -> str:
    """The code of the page."""
    return "\n".join(blocks("nan", "pycon"))


def spoiled() -> list[list[bool]]:
    """Of both halves of the features, the steps that one NaN spoils."""
    torch.manual_seed(0)
    x = drawn(4, 1, 3)
    x[1, 0, 2] = torch.nan
    output, _ = torch.nn.LSTM(3, 2, bidirectional=True)(x)
    return [half.isnan().any(2)[:, 0].tolist() for half in output.split(2, 2)]


def stops_at_an_overflow() -> bool:
    number = torch.nn.Parameter(torch.zeros(1))
    number.grad = torch.full((1,), torch.inf)
    try:
        torch.nn.utils.clip_grad_norm_([number], 1.0, error_if_nonfinite=True)
    except RuntimeError:
        return True
    return False


NUMBERS = network(
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

SCALER = torch.amp.GradScaler("cpu")

FACTS = (
    *NUMBERS,
    *asked(
        (
            "With two, look at each half of the features by itself: the "
            "reverse direction spoils the earlier steps.",
            lambda: (
                spoiled()
                == [[False, True, True, True], [True, True, False, False]]
            ),
        ),
        (
            "A NaN in the input spoils the state, and with it every later step "
            "of the same sequence.",
            lambda: spoiled()[0] == [False, True, True, True],
        ),
        (
            "Do not set `error_if_nonfinite=True` here.",
            stops_at_an_overflow,
        ),
        (
            "Each `backward` adds to `.grad`, so only then is it the gradient "
            "of the whole batch.",
            lambda: "clipped_sum(x, targets, 4))\n" in listing(),
        ),
        (
            "If it is longer than `max_norm` it is shortened to that length, "
            "and its direction stays.",
            is_shortened_if_longer,
        ),
        (
            "`clip_grad_norm_` returns the length before clipping",
            returns_the_length_before,
        ),
        (
            "A scaler raises its scale until gradients overflow now and then; "
            "it expects that, leaves out that one step, so that the weights "
            "stay finite, and halves the scale.",
            lambda: SCALER.get_growth_factor() > 1,
            lambda: SCALER.get_backoff_factor() == 1 / 2,
        ),
        (
            "set `error_if_nonfinite=True`, which is not the default",
            lambda: (
                default(torch.nn.utils.clip_grad_norm_, "error_if_nonfinite")
                is False
            ),
        ),
        (
            "because infinity times zero is NaN; and a single NaN makes the "
            "norm NaN, and with it every gradient",
            lambda: torch.tensor(torch.inf * 0.0).isnan(),
            lambda: torch.tensor([torch.nan, 1.0]).norm().isnan(),
        ),
        ("The logarithm or root of zero in the loss", root_or_log_of_zero),
        (
            "Between `backward`, which makes the gradients, and `step`, which "
            "uses them.",
            lambda: (
                listing().index("loss.backward()")
                < listing().index("clip_grad_norm_(")
                < listing().index("optimizer.step()")
            ),
        ),
        (
            "Undo that before you clip: `unscale_`, then clip, then `step`.",
            lambda: (
                listing().index("scaler.unscale_")
                < listing().index("_ = torch.nn.utils.clip_grad_norm_(model")
                < listing().index("scaler.step")
                < listing().index("scaler.update")
            ),
        ),
    ),
)
