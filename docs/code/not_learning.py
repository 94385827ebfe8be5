"""Programs that do not learn, and each of them with its fault fixed."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

HIDDEN, KINDS = 16, 10
STEPS, BATCH, FRESH = 300, 64, 1000
mse_loss = nn.functional.mse_loss


class Model(nn.Module):
    """Reads x (steps, batch, inputs), and predicts from the last step."""

    def __init__(self, inputs=1, outputs=1, every_step=False):
        super().__init__()
        self.lstm = nn.LSTM(inputs, HIDDEN)
        self.readout = nn.Linear(HIDDEN, outputs)
        self.every_step = every_step

    def forward(self, x):
        """Predictions (batch, outputs), or with `every_step` at each step."""
        output, _ = self.lstm(x)
        return self.readout(output if self.every_step else output[-1])


class Softmax(Model):
    """Outputs probabilities where the loss expects logits."""

    def forward(self, x):
        """Probabilities (batch, outputs)."""
        return super().forward(x).softmax(dim=1)


class Detached(Model):
    """Loops over the steps, and detaches the state at each."""

    def forward(self, x):
        """Predictions (batch, outputs)."""
        state = None
        for x_t in x:
            output, state = self.lstm(x_t[None], state)
            state = tuple(part.detach() for part in state)
        return self.readout(output[-1])


class Anew(Model):
    """Loops over the steps, but does not pass on the state."""

    def forward(self, x):
        """Predictions (batch, outputs)."""
        for x_t in x:
            output, _ = self.lstm(x_t[None])
        return self.readout(output[-1])


class Swapped(Model):
    """Reads x (steps, batch, inputs) with `batch_first=True`."""

    def __init__(self, inputs=1, outputs=1):
        super().__init__(inputs, outputs)
        self.lstm = nn.LSTM(inputs, HIDDEN, batch_first=True)


@dataclass
class Program:
    """A model, how to train it, and `draw`, which draws its samples."""

    model: nn.Module
    draw: Callable
    loss: Callable = mse_loss
    rate: float = 0.01
    zeroes: bool = True

    def __post_init__(self):
        """Create the optimizer."""
        self.optimizer = torch.optim.Adam(self.model.parameters(), self.rate)

    def step(self, x, y):
        """Do one training step."""
        loss = self.loss(self.model(x), y)
        if self.zeroes:
            self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    def train(self, steps=STEPS):
        """Train; returns loss, predictions and targets of fresh samples."""
        for _ in range(steps):
            self.step(*self.draw(BATCH))
        with torch.no_grad():
            x, y = self.draw(FRESH)
            predictions = self.model(x)
            return self.loss(predictions, y).item(), predictions, y


def sums(count):
    """Random numbers (steps, batch, 1), and the sum of each sample."""
    x = torch.randn(5, count, 1)
    return x, x.sum(dim=0)


def firsts(count):
    """Random numbers, and the first of each sample."""
    x = torch.randn(5, count, 1)
    return x, x[0].clone()


def symbols(count):
    """One-hot symbols of ten kinds, and the first of each sample."""
    ids = torch.randint(KINDS, (5, count))
    return nn.functional.one_hot(ids, KINDS).float(), ids[0]


def waves(count):
    """Waves of random phases (steps, batch, 1), with a little noise."""
    time, phase = torch.arange(50)[:, None], 6.3 * torch.rand(count)
    wave = (0.5 * time + phase).sin() + 0.1 * torch.randn(50, count)
    return wave[..., None]


def walks(count):
    """Random walks (steps, batch, 1): only the last value is predictive."""
    return torch.randn(50, count, 1).cumsum(dim=0)


def shapes(mended):
    """Targets of shape (batch,), for predictions of shape (batch, 1)."""

    def draw(count):
        x, y = sums(count)
        return x, y if mended else y[:, 0]

    return Program(Model(), draw)


def scores(mended):
    """A softmax before `cross_entropy`."""
    model = (Model if mended else Softmax)(KINDS, KINDS)
    return Program(model, symbols, nn.functional.cross_entropy)


def no_zero_grad(mended):
    """No `zero_grad`, so gradients add up."""
    return Program(Model(), sums, zeroes=mended)


def low_rate(mended):
    """A learning rate that is too low."""
    return Program(Model(), sums, rate=0.01 if mended else 1e-6)


def high_rate(mended):
    """A learning rate that is too high."""
    return Program(Model(), sums, rate=0.01 if mended else 10)


def forgotten(mended):
    """A layer created after the optimizer, which does not update it."""
    program = Program(Model(), sums)
    if not mended:
        program.model.lstm = nn.LSTM(1, HIDDEN)
    return program


def targets(mended):
    """A forecast whose targets are its inputs."""

    def draw(count):
        x = waves(count)
        return x[:-1], x[1:] if mended else x[:-1]

    return Program(Model(every_step=True), draw)


def large_targets(mended):
    """Targets in the thousands."""

    def draw(count):
        x, y = sums(count)
        return x, y if mended else 5000 + 1000 * y

    return Program(Model(), draw)


def large_inputs(mended):
    """Inputs in the thousands."""

    def draw(count):
        x, y = sums(count)
        return x if mended else 5000 + 1000 * x, y

    return Program(Model(), draw)


def detached(mended):
    """A state that is detached at each step."""
    return Program((Model if mended else Detached)(), firsts)


def anew(mended):
    """A state that is not passed on."""
    return Program((Model if mended else Anew)(), firsts)


def swapped(mended):
    """Batch and time axes swapped."""
    return Program((Model if mended else Swapped)(), firsts)


FAULTS = {
    shapes: "shapes",
    scores: "scores",
    no_zero_grad: "step",
    forgotten: "gradients",
    low_rate: "rate",
    high_rate: "rate",
    targets: "targets",
    large_targets: "scale",
    large_inputs: "scale",
    detached: "reach",
    anew: "reach",
    swapped: "reach",
}
"""How `why_not_learning.examine` names the fault of each program."""


def make_program(fault, mended, seed=0):
    """A program with seeded weights, with its fault or `mended`."""
    torch.manual_seed(seed)
    return fault(mended)


def main():
    """Train each program with its fault and without."""
    torch.set_num_threads(1)
    # The page shows the warning about shapes.
    warnings.simplefilter("ignore", UserWarning)
    print(f"{'':14}   loss      std of predictions, targets    mended: loss")
    for fault in FAULTS:
        loss, predictions, y = make_program(fault, False).train()
        mended, _, _ = make_program(fault, True).train()
        stds = f"{predictions.std():20.2g} {y.float().std():8.2g}"
        print(f"{fault.__name__:14} {loss:10.4g} {stds} {mended:15.4f}")


if __name__ == "__main__":
    main()
