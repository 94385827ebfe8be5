import re
from functools import cache

import torch
from torch.nn.utils.rnn import pack_padded_sequence

from tests.site.facts.common import close, module, quietly, randn, refusal, session, warned
from tests.site.facts_of_pages import page


def section_has(id, *words):
    """Whether a section, with its sources, has words."""
    section, *_ = page("other-places").text.split(f"{{ #{id} }}\n")[1].split("\n## ")
    return all(word in section for word in words)


def quantized(model, kind=torch.qint8):
    return torch.ao.quantization.quantize_dynamic(model, {torch.nn.LSTM}, dtype=kind)


def small(**options):
    """An LSTM whose weights are in int8."""
    return quietly(quantized, torch.nn.Sequential(module(3, 4, **options)))[0]


def multiplies_by(*engines):
    """Whether int8 is multiplied by one of these here."""
    return torch.backends.quantized.engine in engines


@cache
def difference(kind):
    """How far outputs of weights of this kind are from those in float32."""
    model, x = torch.nn.Sequential(module(32, 64)), randn(50, 8, 32)
    return (quietly(quantized, model, kind)(x)[0] - model(x)[0]).abs().max().item()


def warning_names_an_old_release():
    warning = warned(lambda: quantized(torch.nn.Sequential(module(3, 4))))
    (release,) = {*re.findall(r"will be removed in (\d+)\.(\d+)", warning)}
    return [*map(int, release)] < [*map(int, torch.__version__.split(".")[:2])]


class Output(torch.nn.Module):
    """Returns what an LSTM shows."""

    def __init__(self):
        super().__init__()
        self.lstm = module(3, 4)

    def forward(self, x):
        return self.lstm(x)[0]


class Stateful(Output):
    """Keeps its state, as buffers or as a plain attribute."""

    def __init__(self, is_buffer):
        super().__init__()
        self.is_buffer, self.state = is_buffer, (torch.zeros(1, 1, 4), torch.zeros(1, 1, 4))
        self.register_buffer("h", torch.zeros(1, 1, 4))
        self.register_buffer("c", torch.zeros(1, 1, 4))

    def forward(self, x):
        if self.is_buffer:
            output, (self.h, self.c) = self.lstm(x, (self.h, self.c))
        else:
            output, self.state = self.lstm(x, self.state)
        return output


class Packs(Output):
    """Returns the last state of each sequence without its padding."""

    def forward(self, x, lengths):
        return self.lstm(pack_padded_sequence(x, lengths))[1][0]


class Untyped(Output):
    """Does not say what its state is."""

    def forward(self, x, state=None):
        return self.lstm(x, state)


class Alone(Output):
    """Passes a tensor for the state."""

    def forward(self, x):
        return self.lstm(x, torch.zeros(1, 1, 4))


@torch.no_grad()
def exported(model, *example, **options):
    return quietly(torch.export.export, model.eval(), example, **options)


@cache
def steps_are_fixed_batch_is_not():
    batch, x = {1: torch.export.Dim("batch")}, randn(5, 7, 3)
    program = exported(Output(), randn(5, 4, 3), dynamic_shapes=(batch,))
    run, names = program.module(), [node.name for node in program.graph.nodes]
    other_length = refusal(lambda: run(randn(9, 4, 3)))
    return close(run(x), Output()(x)) and names.count("lstm") == 1 and bool(other_length)


@cache
def exporter_takes_both_for_one():
    step, zeros = session("other-places")["Step"](), torch.zeros(1, 1, 4)
    program = exported(step, randn(1, 1, 3), zeros, zeros)
    read = {node.name: len(node.users) for node in program.graph.nodes}
    state = randn(1, 1, 3), randn(1, 1, 4), randn(1, 1, 4, seed=1)
    right, wrong = step(*state)[0], program.module()(*state)[0]
    own = exported(step, randn(1, 1, 3), zeros, zeros.clone()).module()(*state)[0]
    return (read["h"], read["c"]) == (0, 1) and not close(wrong, right, 1e-3) and close(own, right)


@cache
@torch.no_grad()
def program_keeps_buffers_alone():
    x, runs = randn(1, 1, 3), []
    for is_buffer in (True, False):
        runs.append(exported(Stateful(is_buffer), x).module())
    return [torch.equal(run(x), run(x)) for run in runs] == [False, True]


def scripted(model):
    return quietly(torch.jit.script, model)


def traced(model, *example):
    return quietly(torch.jit.trace, model, example)


def torchscript_takes_all():
    inputs = randn(9, 2, 3), torch.tensor([9, 4])
    return close(scripted(Packs())(*inputs), Packs()(*inputs)) and all(
        close(scripted(Output())(x), Output()(x)) for x in (randn(9, 7, 3), randn(2, 1, 3))
    )
