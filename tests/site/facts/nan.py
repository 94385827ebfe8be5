"""What `nan` quotes."""

import warnings

import torch

from tests.doc_scripts import blocks
from tests.processor import has_onednn
from tests.site.facts.batch_size import is_the_same_in_parts
from tests.site.facts.common import default, listed, module, randn, session
from tests.site.facts.errors import (
    is_refused_as_nonfinite,
    needs_avx_512,
    onednn_is_switched_off,
    refusal,
)
from tests.site.facts.not_learning import largest_h
from tests.site.facts_of_pages import network, of_torch

LEAST, MOST = "torch.tensor(-200.0)", "torch.tensor(200.0)"

IGNORED = "torch.nn.CrossEntropyLoss().ignore_index"


def clipped(length: float) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """A gradient before and after its norm is clipped, and what is returned."""
    number = torch.nn.Parameter(torch.zeros(4))
    number.grad = randn(4) / randn(4).norm() * length
    before = number.grad.clone()
    norm = torch.nn.utils.clip_grad_norm_([number], max_norm=1.0)
    return before, number.grad, norm


def is_shortened_if_longer() -> bool:
    (long, shorter, _), (short, same, _) = clipped(5.0), clipped(0.5)
    along = torch.nn.functional.cosine_similarity(long, shorter, dim=0)
    is_along = abs(along - 1) < 1e-5 and abs(shorter.norm() - 1) < 1e-4
    return bool(is_along) and torch.equal(short, same)


def returns_the_length_before() -> bool:
    before, _, norm = clipped(5.0)
    return torch.allclose(norm, before.norm())


def root_or_log_of_zero() -> bool:
    is_finite = []
    for act in (torch.Tensor.log, torch.Tensor.sqrt):
        zero = torch.zeros(1, requires_grad=True)
        act(zero).sum().backward()
        is_finite.append(bool(zero.grad.isfinite().all()))
    return not any(is_finite)


def listing() -> str:
    """The code of the page."""
    return "\n".join(blocks("nan", "pycon"))


def spoiled() -> list[list[bool]]:
    """Of both halves of the features, the steps that one NaN spoils."""
    torch.manual_seed(0)
    x = randn(4, 1, 3)
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


def spoiled_weights(keeps_averages: bool) -> bool:
    """Whether a step spoils a weight, and one more with averages kept."""
    number = torch.nn.Parameter(torch.ones(1))
    adam = torch.optim.Adam([number])
    number.grad = torch.full((1,), torch.nan)
    adam.step()
    is_spoiled = number.isnan().all().item()
    with torch.no_grad():
        number.fill_(1)
    number.grad = torch.ones(1)
    (adam if keeps_averages else torch.optim.Adam([number])).step()
    return is_spoiled and number.isnan().all().item() == keeps_averages


def infinite_becomes_nan() -> bool:
    number = torch.nn.Parameter(torch.zeros(1))
    number.grad = torch.full((1,), torch.inf)
    torch.nn.utils.clip_grad_norm_([number], 1.0)
    return bool(number.grad.isnan())


def forward_spoils_averages() -> bool:
    norm = torch.nn.BatchNorm1d(2)
    norm(torch.full((3, 2), torch.nan))
    return norm.running_mean.isnan().all().item()


def makes_gradients_large() -> bool:
    """Whether a norm of equal numbers hands back more than it is given."""
    alike = torch.zeros(4, 2, requires_grad=True)
    (torch.nn.BatchNorm1d(2)(alike) * randn(4, 2)).sum().backward()
    return bool(alike.grad.abs().max() > 100)


def last_states_are_spoiled() -> bool:
    x = randn(4, 1, 3)
    x[1] = torch.nan
    _, state = torch.nn.LSTM(3, 2)(x)
    return all(part.isnan().all().item() for part in state)


NUMBERS = network(
    "cell",
    (
        "`i`, `f` and `o` lie between {:.0f} and {:.0f}, `g` between {:.0f} and {:.0f}",
        *(f"{x}.{act}()" for act in ("sigmoid", "tanh") for x in (LEAST, MOST)),
    ),
    ("by no more than one per step", f"{MOST}.sigmoid() * {MOST}.tanh() == 1"),
    (
        "`h` lies between {:.0f} and {:.0f} as well",
        *(f"{MOST}.sigmoid() * {x}.tanh()" for x in (LEAST, MOST)),
    ),
    ("`(targets != -100).sum()` is {}", f"(torch.full((2,), {IGNORED}) != -100).sum()"),
    ("its largest number is {:.0f}", "torch.finfo(torch.float16).max"),
    ("skips targets of {}", IGNORED),
    ("begin with the {} of this listing", listed(r"max_norm=(\d)[.]0", "nan.md")),
)

SCALER = torch.amp.GradScaler("cpu")


def names_the_module() -> bool:
    parts = {"embed": torch.nn.Linear(3, 3), "lstm": module(3, 2)}
    model = torch.nn.ModuleDict(parts)
    session("nan")["name_the_first_nan"](model)
    x = randn(4, 1, 3)
    is_fine = not refusal(lambda: model["lstm"](model["embed"](x)))
    with torch.no_grad():
        parts["lstm"].bias_ih_l0[0] = torch.nan
    message = refusal(lambda: model["lstm"](model["embed"](x)))
    return is_fine and message == "first NaN in 'lstm'"


def spoils_an_average() -> bool:
    norm = torch.nn.BatchNorm1d(3)
    norm(randn(4, 3) * torch.nan)
    return {name for name, t in norm.state_dict().items() if t.isnan().any()} == {
        "running_mean",
        "running_var",
    }


def names_the_operation() -> bool:
    """Whether the operation is named, with its line, after a warning."""
    x = randn(4, 1, 3)
    x[1] = torch.nan
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        with torch.autograd.detect_anomaly():
            message = refusal(lambda: module(3, 2)(x)[0].sum().backward())
    warned = [str(warning.message) for warning in caught]
    return (
        "Backward0' returned nan" in message
        and ("MkldnnRnnLayer" in message) == has_onednn()
        and any("increase the runtime" in text for text in warned)
        and any("nan.py" in text for text in warned)
    )


def leaves_out_every_step() -> bool:
    """Whether a scaler never steps where the loss itself is infinite."""
    weight = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.SGD([weight], lr=0.1)
    scaler = torch.amp.GradScaler("cpu", init_scale=2.0**8)
    for _ in range(20):
        optimizer.zero_grad()
        scaler.scale((weight * torch.inf).sum()).backward()
        scaler.step(optimizer)
        scaler.update()
    return weight.item() == 1 and scaler.get_scale() < 1


def keeps_a_nan() -> bool:
    """Whether a sound gradient ruins a sound weight after a NaN."""
    weight = torch.nn.Parameter(torch.ones(1))
    optimizer = torch.optim.Adam([weight])
    for gradient in (torch.nan, 1.0):
        with torch.no_grad():
            weight.fill_(1)
        weight.grad = torch.tensor([gradient])
        optimizer.step()
    return bool(weight.isnan())


def is_one_long_vector() -> bool:
    """Whether the norm that is clipped is that of all gradients together."""
    lstm = module(3, 2)
    lstm(randn(4, 1, 3))[0].sum().backward()
    together = torch.cat([p.grad.flatten() for p in lstm.parameters()]).norm()
    norm = torch.nn.utils.clip_grad_norm_(lstm.parameters(), 1.0)
    return torch.isclose(norm, together)


def over_no_target(reduction: str) -> torch.Tensor:
    return torch.nn.functional.cross_entropy(
        randn(2, 5), torch.tensor([-100, -100]), reduction=reduction
    )


FACTS = (
    *of_torch(
        ("Nor does clipping help gradients that vanish.", lambda: torch.equal(*clipped(1e-9)[:2])),
        (
            "A norm of numbers that are all alike, as a first state of zeros, "
            "divides by next to nothing, and so makes gradients large",
            makes_gradients_large,
        ),
    ),
    *NUMBERS,
    *of_torch(
        (
            ", and the mean over no target at all is zero divided by zero:",
            lambda: over_no_target("mean").isnan(),
            lambda: over_no_target("sum") == 0,
        ),
        (
            "An LSTM rarely makes a NaN itself.",
            lambda: module(3, 2)(1e30 * randn(9, 1, 3))[0].isfinite().all(),
        ),
        (
            ", unless [proj_size](projection.md) makes it a sum over all units.",
            lambda: largest_h(proj_size=2) > 1 >= largest_h(),
        ),
        (
            "Each loss is a mean, so it is divided by the number of parts, and "
            "the norm is that of the whole batch.",
            is_the_same_in_parts,
        ),
        ("The gradients of all parameters are seen as one long vector.", is_one_long_vector),
        (
            "But a single optimizer step with its gradient makes the weights "
            "NaN, and with them every later loss.",
            lambda: spoiled_weights(keeps_averages=False),
        ),
        (
            "`torch.isfinite(x).all()` is false",
            lambda: not torch.isfinite(torch.tensor([1.0, torch.nan])).all(),
        ),
        (
            "With `float16` the loss is multiplied by a large scale before "
            "`backward`, so that small gradients do not become zero.",
            lambda: torch.amp.GradScaler("cpu", init_scale=8.0).scale(torch.ones(1)) == 8,
            lambda: torch.tensor(1e-9).half() == 0 != torch.tensor(1e-3).half(),
        ),
        (
            "Clipping shortens a gradient that is too long. It cannot mend one that is not finite.",
            lambda: is_shortened_if_longer() and infinite_becomes_nan(),
        ),
        (
            "Load the optimizer's state with it, or make a new optimizer. Adam "
            "keeps averages of the gradients, and a NaN stays in an average "
            "for good: the next step would put it into the good weights.",
            lambda: spoiled_weights(keeps_averages=True) and spoiled_weights(keeps_averages=False),
        ),
        (
            "That includes the running averages of a `BatchNorm`, which a "
            "forward pass alone can spoil.",
            forward_spoils_averages,
        ),
        ("begin from zeros: the last `h` and `c` are NaN as well", last_states_are_spoiled),
        (
            "With two, look at each half of the features by itself: the "
            "reverse direction spoils the earlier steps.",
            lambda: spoiled() == [[False, True, True, True], [True, True, False, False]],
        ),
        (
            "A NaN in the input spoils the state, and with it every later step "
            "of the same sequence.",
            lambda: spoiled()[0] == [False, True, True, True],
        ),
        ("Do not set `error_if_nonfinite=True` here.", stops_at_an_overflow),
        (
            "An error at that point would stop a run in which nothing is wrong.",
            stops_at_an_overflow,
        ),
        (
            "| The loss is a mean over nothing, because all targets are "
            "padding | `(targets != -100).sum()` is 0 | Leave such batches "
            "out, or divide by `clamp(min=1)`; [padding in the "
            "loss](packed.md#masking-the-loss) |",
            lambda: over_no_target("mean").isnan(),
        ),
        (
            "In the forward pass, hooks can name the first module whose result is not finite:",
            names_the_module,
        ),
        (
            "so that a checkpoint with a NaN does not replace a good one: "
            "`all(t.isfinite().all() for t in model.state_dict().values())`. "
            "That includes the running averages of a `BatchNorm`, which a "
            "forward pass alone can spoil.",
            spoils_an_average,
        ),
        (
            "In the backward pass, anomaly detection names the operation whose "
            "gradient is NaN, and prints the line that called it. It is slow, "
            "and says so in a warning that is silenced here",
            names_the_operation,
        ),
        (
            "Here the operation is the whole LSTM, because [oneDNN](dispatch.md) runs it.",
            lambda: ("Mkldnn" in module(3, 2)(randn(4, 1, 3))[0].grad_fn.name()) == has_onednn(),
        ),
        (
            "On a CPU this switches oneDNN off, because for many processors it "
            "has [no LSTM in `bfloat16`](errors.md#autocast).",
            onednn_is_switched_off,
            needs_avx_512,
        ),
        (
            "A scaler only scales gradients. If the forward pass overflows, "
            "its loss is infinite or NaN at any scale, every step is left out, "
            "and nothing is learned: use `bfloat16` there.",
            leaves_out_every_step,
            lambda: torch.tensor(1e5).half().isinf(),
            lambda: torch.tensor(1e5).bfloat16().isfinite(),
        ),
        (
            "Clipping shortens a gradient that is too long. It cannot mend one that is not finite.",
            is_shortened_if_longer,
            is_refused_as_nonfinite,
        ),
        ("Nor does clipping help gradients that vanish.", lambda: torch.equal(*clipped(1e-9)[:2])),
        (
            "Adam keeps averages of the gradients, and a NaN stays in an "
            "average for good: the next step would put it into the good "
            "weights.",
            keeps_a_nan,
        ),
        (
            "Each `backward` adds to `.grad`, so only then is it the gradient of the whole batch.",
            lambda: "clipped_sum(x, targets, 4))\n" in listing(),
        ),
        (
            "If it is longer than `max_norm` it is shortened to that length, "
            "and its direction stays.",
            is_shortened_if_longer,
        ),
        ("`clip_grad_norm_` returns the length before clipping", returns_the_length_before),
        (
            "A scaler raises its scale until gradients overflow now and then; "
            "it expects that, leaves out that one step, so that the weights "
            "stay finite, and halves the scale.",
            lambda: SCALER.get_growth_factor() > 1,
            lambda: SCALER.get_backoff_factor() == 1 / 2,
        ),
        (
            "So without a `GradScaler`, set `error_if_nonfinite=True`, which "
            "is not the default: it raises an error before the weights are "
            "lost",
            is_refused_as_nonfinite,
            lambda: default(torch.nn.utils.clip_grad_norm_, "error_if_nonfinite") is False,
        ),
        (
            "because infinity times zero is NaN; and a single NaN makes the "
            "norm NaN, and with it every gradient",
            lambda: torch.tensor(torch.inf * 0.0).isnan(),
            lambda: torch.tensor([torch.nan, 1.0]).norm().isnan(),
        ),
        ("The logarithm or root of zero in the loss", root_or_log_of_zero),
        (
            "Between `backward`, which makes the gradients, and `step`, which uses them.",
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
