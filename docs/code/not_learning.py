"""Programs that do not learn, each beside the one in which that is mended."""

import warnings
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import nn

HIDDEN, KINDS = 16, 10
STEPS, BATCH, FRESH = 300, 64, 1000
mse_loss = nn.functional.mse_loss


class Model(nn.Module):
    """Reads steps (steps, batch, inputs), predicts from the last."""

    def __init__(self, inputs=1, outputs=1, every=False):
        super().__init__()
        self.lstm = nn.LSTM(inputs, HIDDEN)
        self.readout = nn.Linear(HIDDEN, outputs)
        self.every = every

    def forward(self, x):
        """Predictions (batch, outputs), or `every` step's."""
        output, _ = self.lstm(x)
        return self.readout(output if self.every else output[-1])


class Softmax(Model):
    """Says probabilities where scores are expected."""

    def forward(self, x):
        """Probabilities (batch, outputs)."""
        return super().forward(x).softmax(dim=1)


class Detached(Model):
    """Goes step by step, and cuts the gradient at each."""

    def forward(self, x):
        """Predictions (batch, outputs)."""
        state = None
        for x_t in x:
            output, state = self.lstm(x_t[None], state)
            state = tuple(part.detach() for part in state)
        return self.readout(output[-1])


class Anew(Model):
    """Goes step by step, but does not hand on the state."""

    def forward(self, x):
        """Predictions (batch, outputs)."""
        for x_t in x:
            output, _ = self.lstm(x_t[None])
        return self.readout(output[-1])


class Swapped(Model):
    """Is given (steps, batch, inputs), and told that the batch is first."""

    def __init__(self, inputs=1, outputs=1):
        super().__init__(inputs, outputs)
        self.lstm = nn.LSTM(inputs, HIDDEN, batch_first=True)


@dataclass
class Program:
    """What is trained, how, and `draw` for its samples."""

    model: nn.Module
    draw: Callable
    loss: Callable = mse_loss
    rate: float = 0.01
    zeroes: bool = True

    def __post_init__(self):
        """Make the optimizer."""
        self.optimizer = torch.optim.Adam(self.model.parameters(), self.rate)

    def step(self, x, y):
        """One step of training."""
        loss = self.loss(self.model(x), y)
        if self.zeroes:
            self.optimizer.zero_grad()
        loss.backward()
        self.optimizer.step()

    def train(self, steps=STEPS):
        """The loss on fresh samples after training, predictions, targets."""
        for _ in range(steps):
            self.step(*self.draw(BATCH))
        with torch.no_grad():
            x, y = self.draw(FRESH)
            said = self.model(x)
            return self.loss(said, y).item(), said, y


def sums(count):
    """Random numbers (steps, batch, 1), and the sum of each sample."""
    x = torch.randn(5, count, 1)
    return x, x.sum(dim=0)


def firsts(count):
    """Random numbers, and the first of each sample."""
    x = torch.randn(5, count, 1)
    return x, x[0].clone()


def symbols(count):
    """Symbols of ten kinds, one-hot, and which is the first."""
    ids = torch.randint(KINDS, (5, count))
    return nn.functional.one_hot(ids, KINDS).float(), ids[0]


def waves(count):
    """Waves of other phases (steps, batch, 1), with a little noise."""
    time, phase = torch.arange(50)[:, None], 6.3 * torch.rand(count)
    wave = (0.5 * time + phase).sin() + 0.1 * torch.randn(50, count)
    return wave[..., None]


def walks(count):
    """Sums of random steps so far, which nothing but the last one foretells."""
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
    """Gradients that add up."""
    return Program(Model(), sums, zeroes=mended)


def low_rate(mended):
    """A learning rate that is too low."""
    return Program(Model(), sums, rate=0.01 if mended else 1e-6)


def high_rate(mended):
    """A learning rate that is too high."""
    return Program(Model(), sums, rate=0.01 if mended else 10)


def forgotten(mended):
    """A layer that was made after the optimizer, which does not know it."""
    program = Program(Model(), sums)
    if not mended:
        program.model.lstm = nn.LSTM(1, HIDDEN)
    return program


def targets(mended):
    """A forecast whose targets are its inputs."""

    def draw(count):
        x = waves(count)
        return x[:-1], x[1:] if mended else x[:-1]

    return Program(Model(every=True), draw)


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
    """A state that is not handed on."""
    return Program((Model if mended else Anew)(), firsts)


def swapped(mended):
    """Batch and time exchanged."""
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
"""What makes a program, and what `why_not_learning.examine` calls its fault."""


def made(fault, mended, seed=0):
    """A program, the same each time."""
    torch.manual_seed(seed)
    return fault(mended)


def main():
    """Train each program as it is, and mended."""
    torch.set_num_threads(1)
    # Of the shapes; the page shows it.
    warnings.simplefilter("ignore", UserWarning)
    print(f"{'':14}   loss      std of predictions, targets    mended: loss")
    for fault in FAULTS:
        loss, said, y = made(fault, False).train()
        mended, _, _ = made(fault, True).train()
        stds = f"{said.std():20.2g} {y.float().std():8.2g}"
        print(f"{fault.__name__:14} {loss:10.4g} {stds} {mended:15.4f}")


if __name__ == "__main__":
    main()
