"""Tell why a model does not learn, from a few samples of your own data.

Put this file beside your program, and call `examine` with what you train.
"""

import copy
from collections.abc import Callable

import torch
from torch import nn

LOW, HIGH = 1e-4, 1.0  # of an update, as a share of the weights


def examine(
    model: nn.Module,
    loss: Callable,
    optimizer: torch.optim.Optimizer,
    x: torch.Tensor,
    y: torch.Tensor,
    batch_axis: int = 0,
    step: Callable | None = None,
    steps: int = 300,
) -> list[str]:
    """Print what was looked at, and return the names of what is wrong.

    The model and the optimizer are afterwards as they were before.

    Args:
        model: Called as `model(x)`; of a tuple, the first is the prediction.
        loss: Called as `loss(prediction, y)`.
        optimizer: The one that you train with.
        x: The input of 4 to 64 samples.
        y: Their targets.
        batch_axis: Which axis of x counts samples, 0 or 1.
        step: A function without arguments that does one step of your own
            training with this x and y.
        steps: How often to train with them.
    """
    kept = copy.deepcopy((model.state_dict(), optimizer.state_dict()))
    found = []

    def say(name, wrong, text):
        print(f"{'WRONG' if wrong else '   ok'}  {name}: {text}")
        if wrong:
            found.append(name)

    with torch.random.fork_rng():
        for look in (shapes, scores, targets, scale, gradients, reach):
            say(*look(model, loss, optimizer, x, y, batch_axis))
        for look in (rate, own_step, one_batch):
            model.load_state_dict(kept[0])
            optimizer.load_state_dict(copy.deepcopy(kept[1]))
            say(*look(model, loss, optimizer, x, y, step, steps))
    model.load_state_dict(kept[0])
    optimizer.load_state_dict(kept[1])
    optimizer.zero_grad()
    return found


def predict(model, x):
    """What a model predicts."""
    out = model(x)
    return out[0] if isinstance(out, tuple) else out


def shapes(model, loss, optimizer, x, y, batch_axis):
    """Whether a loss of numbers compares each prediction with its target."""
    said = tuple(predict(model, x).shape)
    text = f"prediction {said}, target {tuple(y.shape)}"
    wrong = y.is_floating_point() and said != tuple(y.shape)
    if wrong:
        text += "; the loss broadcasts them: give both one shape"
    return "shapes", wrong, text


def class_axis(said, y):
    """Which axis of predictions counts classes, for targets that are ids."""
    if not y.is_floating_point() and said.dim() == y.dim() + 1:
        for axis in (1, said.dim() - 1):
            if said.select(axis, 0).shape == y.shape:
                return axis
    return None


def scores(model, loss, optimizer, x, y, batch_axis):
    """Whether a softmax has been applied to what shall be scores."""
    said = predict(model, x).detach()
    axis = class_axis(said, y)
    if axis is None:
        return "scores", False, "no classes"
    wrong = bool((said >= 0).all() and (said.sum(axis) - 1).abs().max() < 1e-4)
    text = "they sum to 1; leave out the softmax" if wrong else "not a softmax"
    return "scores", wrong, text


def targets(model, loss, optimizer, x, y, batch_axis):
    """Whether the targets differ, and are not the inputs themselves."""
    if (y == y.flatten()[0]).all():
        return "targets", True, "all are alike"
    if y.shape[:2] == x.shape[:2]:
        features, numbers = (t.reshape(*x.shape[:2], -1) for t in (x, y))
        for k in range(features.shape[2]):
            if (features[..., k : k + 1] == numbers).all(dim=(0, 1)).any():
                text = f"feature {k} of x at the same step, not at a later one"
                return "targets", True, text
    return "targets", False, "they differ, and are no feature of x"


def scale(model, loss, optimizer, x, y, batch_axis):
    """Whether inputs and targets are about as large as 1."""
    parts, wrong = [], False
    for name, tensor in (("x", x), ("y", y)):
        if tensor.is_floating_point():
            size = tensor.square().mean().sqrt().item()
            wrong |= not 0.05 < size < 20
            parts.append(f"{name} is about {size:.2g} large")
    if wrong:
        parts.append("subtract the mean and divide by the standard deviation")
    return "scale", wrong, "; ".join(parts) or "no numbers, but indices"


def gradients(model, loss, optimizer, x, y, batch_axis):
    """Whether each parameter gets a gradient and is given to the optimizer."""
    model.zero_grad()
    loss(predict(model, x), y).backward()
    learned = {id(p) for g in optimizer.param_groups for p in g["params"]}
    parts = []
    for name, p in model.named_parameters():
        if id(p) not in learned:
            parts.append(f"{name} is unknown to the optimizer")
        elif not p.requires_grad:
            continue  # frozen
        elif p.grad is None:
            parts.append(f"{name} has no gradient")
        elif not p.grad.isfinite().all():
            parts.append(f"{name} has a gradient that is not finite")
        elif not p.grad.any():
            parts.append(f"{name} has a gradient of zeros")
    return "gradients", bool(parts), "; ".join(parts) or "all are there"


def reach(model, loss, optimizer, x, y, batch_axis):
    """Whether a prediction depends on all steps of its sample, and no other.

    The last prediction of the last sample is asked where it comes from.
    """
    if x.is_floating_point():
        entered = [x.clone().requires_grad_()]
        said = predict(model, entered[0])
    else:
        # Ids have no gradient, but what the embedding makes of them has.
        entered, hooks = [], []
        for module in model.modules():
            if isinstance(module, nn.Embedding):
                hooks.append(
                    module.register_forward_hook(
                        lambda _, __, out: entered.append(out)
                    )
                )
        said = predict(model, x)
        for hook in hooks:
            hook.remove()
        if not entered:
            return "reach", False, "not looked at: no embedding reads the ids"
    if said.dim() > 1 and said.shape[:2] == x.shape[:2]:
        said = said.movedim(batch_axis, 0)[:, -1]
    (grad,) = torch.autograd.grad(said[-1].sum(), entered[:1])
    there = grad.movedim(batch_axis, 0).flatten(2).any(dim=2)
    if there[:-1].any():
        text = "a sample is predicted from others too; is the batch first?"
        return "reach", True, text
    count, total = int(there[-1].sum()), there.shape[1]
    wrong = count < total / 2
    text = f"a gradient reaches {count} of {total} steps"
    if wrong:
        text += "; the state is detached, or not handed on"
    return "reach", wrong, text


def trained(model, loss, optimizer, x, y):
    """One step of training as it should be, and its loss."""
    optimizer.zero_grad()
    value = loss(predict(model, x), y)
    value.backward()
    optimizer.step()
    return value.item()


def flat(tensors):
    """All numbers of tensors in one vector, a copy."""
    return torch.cat([t.detach().flatten() for t in tensors])


def rate(model, loss, optimizer, x, y, step, steps):
    """How much one update changes the weights."""
    before = flat(model.parameters())
    trained(model, loss, optimizer, x, y)
    change = (flat(model.parameters()) - before).norm() / before.norm()
    text = f"one update changes the weights by {100 * change.item():.2g}%"
    if change < LOW:
        text += "; raise the learning rate"
    if change > HIGH:
        text += "; lower the learning rate"
    return "rate", not LOW <= change <= HIGH, text


def own_step(model, loss, optimizer, x, y, step, steps):
    """Whether a step of one's own changes weights by its own gradient."""
    if step is None:
        return "step", False, "not looked at: no step was given"
    own = [p for group in optimizer.param_groups for p in group["params"]]
    # As if an earlier step had left a gradient: a large one, easily known.
    for p in own:
        p.grad = torch.full_like(p, 1e3)
    before = flat(model.parameters())
    step()
    if torch.equal(before, flat(model.parameters())):
        return "step", True, "it changes no weight"
    left = [p.grad for p in own if p.grad is not None]
    if left and flat(left).any():
        # Clipping makes a gradient shorter, but does not turn it.
        used = flat(left)
        if used.mean() / used.square().mean().sqrt() > 0.9:
            text = "gradients add up; call zero_grad before each backward"
            return "step", True, text
    return "step", False, "it uses its own gradient"


def one_batch(model, loss, optimizer, x, y, step, steps):
    """Whether a few samples can be learned by heart."""
    values = [trained(model, loss, optimizer, x, y) for _ in range(steps)]
    said = predict(model, x).detach()
    best = constant(loss, said, y)
    wrong = not values[-1] < 0.5 * best
    text = (
        f"the loss goes from {values[0]:.3g} to {values[-1]:.3g}; "
        f"with one answer for all it is {best:.3g}"
    )
    if y.is_floating_point():
        text += (
            f"; std of predictions {said.std():.2g}, of targets {y.std():.2g}"
        )
    return "one batch", wrong, text


def constant(loss, said, y):
    """The loss of the best prediction that is the same for all samples."""
    axis = class_axis(said, y)
    if axis is not None:
        there = y[y >= 0]  # others are padding
        share = there.bincount(minlength=said.shape[axis]) / there.numel()
        ones = [1] * said.dim()
        ones[axis] = -1
        same = share.clamp(min=1e-9).log().view(ones).expand_as(said)
    else:
        same = y.mean().expand_as(y)
    return loss(same, y).item()


def lag(forecast: torch.Tensor, actual: torch.Tensor, most: int = 3) -> int:
    """By how many steps a forecast lags behind.

    Args:
        forecast: What was said of each step, in order, (steps,).
        actual: What was there at each step, (steps,).
        most: The largest lag to try.
    """
    errors = [
        (forecast[most:] - actual[most - k : len(actual) - k]).square().mean()
        for k in range(most + 1)
    ]
    return int(torch.stack(errors).argmin())
