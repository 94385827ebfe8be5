"""What `nan` quotes."""

import warnings

import torch

from tests.doc_scripts import blocks
from tests.processor import has_onednn
from tests.site.facts.common import module, randn, refusal, session

LEAST, MOST = "torch.tensor(-200.0)", "torch.tensor(200.0)"


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
