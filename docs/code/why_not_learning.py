"""Find out why a model does not learn, from a few samples of your data.

Put this file next to your program, and call `examine` before you train.
"""

import copy
from collections.abc import Callable

import torch
from torch import nn

LOW, HIGH = 1e-4, 1.0  # limits of an update, relative to the weights


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
    """Print the result of each check, and return the names of failed ones.

    The state of the model and the optimizer is restored afterwards.

    Args:
        model: Called as `model(x)`; from a tuple, the first item is used.
        loss: Called as `loss(prediction, y)`.
        optimizer: The one that you train with.
        x: The input of a few samples.
        y: Their targets.
        batch_axis: The batch axis of x, 0 or 1.
        step: A function without arguments that does one step of your own
            training on this x and y.
        steps: How many steps to train on them.
    """
    initial = copy.deepcopy((model.state_dict(), optimizer.state_dict()))
    problems = []

    def say(name, wrong, text):
        print(f"{'WRONG' if wrong else '   ok'}  {name}: {text}")
        if wrong:
            problems.append(name)

    with torch.random.fork_rng():
        for look in (shapes, scores, targets, scale, gradients, reach):
            say(*look(model, loss, optimizer, x, y, batch_axis))
        for look in (rate, own_step, one_batch):
            model.load_state_dict(initial[0])
            optimizer.load_state_dict(copy.deepcopy(initial[1]))
            say(*look(model, loss, optimizer, x, y, step, steps))
    model.load_state_dict(initial[0])
    optimizer.load_state_dict(initial[1])
    optimizer.zero_grad()
    return problems


def predict(model, x):
    """The prediction of a model."""
    out = model(x)
    return out[0] if isinstance(out, tuple) else out


def shapes(model, loss, optimizer, x, y, batch_axis):
    """Check that predictions and float targets have one shape."""
    shape = tuple(predict(model, x).shape)
    text = f"prediction {shape}, target {tuple(y.shape)}"
    wrong = y.is_floating_point() and shape != tuple(y.shape)
    if wrong:
        text += "; the loss broadcasts them: give both one shape"
    return "shapes", wrong, text


def class_axis(prediction, y):
    """The class axis of predictions if targets are class ids, or None."""
    if not y.is_floating_point() and prediction.dim() == y.dim() + 1:
        for axis in (1, prediction.dim() - 1):
            if prediction.select(axis, 0).shape == y.shape:
                return axis
    return None


def scores(model, loss, optimizer, x, y, batch_axis):
    """Check that predictions are logits, not the output of a softmax."""
    prediction = predict(model, x).detach()
    axis = class_axis(prediction, y)
    if axis is None:
        return "scores", False, "no classes"
    wrong = bool(
        (prediction >= 0).all()
        and (prediction.sum(axis) - 1).abs().max() < 1e-4
    )
    text = "they sum to 1; leave out the softmax" if wrong else "not a softmax"
    return "scores", wrong, text


def targets(model, loss, optimizer, x, y, batch_axis):
    """Check that the targets differ, and are no copy of an input."""
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
    """Check that inputs and targets are about as large as 1."""
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
    """Check that each parameter has a gradient and is in the optimizer."""
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
    """Check that a prediction depends on its own sample, and on its steps.

    The gradient of the last prediction of the last sample shows which inputs
    it depends on.
    """
    if x.is_floating_point():
        entered = [x.clone().requires_grad_()]
        prediction = predict(model, entered[0])
    else:
        # Ids have no gradient, but their embeddings do.
        entered, hooks = [], []
        for module in model.modules():
            if isinstance(module, nn.Embedding):
                hooks.append(
                    module.register_forward_hook(
                        lambda _, __, out: entered.append(out)
                    )
                )
        prediction = predict(model, x)
        for hook in hooks:
            hook.remove()
        if not entered:
            return "reach", False, "not looked at: no embedding reads the ids"
    if prediction.dim() > 1 and prediction.shape[:2] == x.shape[:2]:
        prediction = prediction.movedim(batch_axis, 0)[:, -1]
    (grad,) = torch.autograd.grad(prediction[-1].sum(), entered[:1])
    reached = grad.movedim(batch_axis, 0).flatten(2).any(dim=2)
    if reached[:-1].any():
        text = "a sample is predicted from others too; is the batch first?"
        return "reach", True, text
    count, total = int(reached[-1].sum()), reached.shape[1]
    wrong = count < total / 2
    text = f"a gradient reaches {count} of {total} steps"
    if wrong:
        text += "; the state is detached, or not passed on"
    return "reach", wrong, text


def trained(model, loss, optimizer, x, y):
    """Do one correct training step, and return its loss."""
    optimizer.zero_grad()
    value = loss(predict(model, x), y)
    value.backward()
    optimizer.step()
    return value.item()


def flat(tensors):
    """Tensors copied into one vector."""
    return torch.cat([t.detach().flatten() for t in tensors])


def rate(model, loss, optimizer, x, y, step, steps):
    """Check how much one update changes the weights."""
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
    """Check that your step changes the weights, by a fresh gradient."""
    if step is None:
        return "step", False, "not looked at: no step was given"
    parameters = [
        p for group in optimizer.param_groups for p in group["params"]
    ]
    # Leave a large gradient, as an earlier step would; it is easy to detect.
    for p in parameters:
        p.grad = torch.full_like(p, 1e3)
    before = flat(model.parameters())
    step()
    if torch.equal(before, flat(model.parameters())):
        return "step", True, "it changes no weight"
    left = [p.grad for p in parameters if p.grad is not None]
    if left and flat(left).any():
        # Clipping shortens a gradient, but keeps its direction.
        used = flat(left)
        if used.mean() / used.square().mean().sqrt() > 0.9:
            text = "gradients add up; call zero_grad before each backward"
            return "step", True, text
    return "step", False, "it uses its own gradient"


def one_batch(model, loss, optimizer, x, y, step, steps):
    """Check that the model can overfit a few samples."""
    values = [trained(model, loss, optimizer, x, y) for _ in range(steps)]
    prediction = predict(model, x).detach()
    best = constant(loss, prediction, y)
    wrong = not values[-1] < 0.5 * best
    text = (
        f"the loss goes from {values[0]:.3g} to {values[-1]:.3g}; "
        f"with one answer for all it is {best:.3g}"
    )
    if y.is_floating_point():
        text += f"; std of predictions {prediction.std():.2g}"
        text += f", of targets {y.std():.2g}"
    return "one batch", wrong, text


def constant(loss, prediction, y):
    """The loss of the best constant prediction."""
    axis = class_axis(prediction, y)
    if axis is not None:
        class_ids = y[y >= 0]  # negative ids are padding
        share = (
            class_ids.bincount(minlength=prediction.shape[axis])
            / class_ids.numel()
        )
        shape = [1] * prediction.dim()
        shape[axis] = -1
        guess = share.clamp(min=1e-9).log().view(shape).expand_as(prediction)
    else:
        guess = y.mean().expand_as(y)
    return loss(guess, y).item()


def lag(forecast: torch.Tensor, actual: torch.Tensor, most: int = 3) -> int:
    """The number of steps by which a forecast lags behind.

    Args:
        forecast: The forecast for each step, (steps,).
        actual: The actual value at each step, (steps,).
        most: The largest lag to try.
    """
    errors = [
        (forecast[most:] - actual[most - k : len(actual) - k]).square().mean()
        for k in range(most + 1)
    ]
    return int(torch.stack(errors).argmin())
