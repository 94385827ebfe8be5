"""The script that finds why a network does not learn."""

import json

import pytest
import torch
from torch import nn

from tests.doc_scripts import CODE, blocks, load

pytestmark = [
    pytest.mark.usefixtures("one_thread"),
    pytest.mark.filterwarnings("ignore:Using a target size"),
]

mse = nn.functional.mse_loss
programs = load("not_learning")
why = load("why_not_learning")
RECORD = json.loads((CODE / "not_learning.json").read_text("utf-8"))

CONSEQUENCES = {"anew": {"gradients"}}
"""Fault -> faults that follow: without a previous state weight_hh has no gradient."""


def examine(fault, mended):
    program = programs.make_program(fault, mended)
    x, y = program.draw(programs.BATCH)
    return examine_with(program, x, y, lambda: program.step(x, y), 100)


def examine_with(program, x, y, step, steps):
    parts = program.model, program.loss, program.optimizer
    return why.examine(*parts, x, y, batch_axis=1, step=step, steps=steps)


@pytest.mark.parametrize("fault", programs.FAULTS, ids=lambda f: f.__name__)
def test_the_script_finds_the_fault_of_a_program(fault):
    name = programs.FAULTS[fault]
    problems = {*examine(fault, mended=False)}
    follows = CONSEQUENCES.get(fault.__name__, set())
    assert problems - {"one batch"} == {name} | follows


@pytest.mark.parametrize(
    "fault",
    # Each mended program does one of these four tasks.
    [programs.shapes, programs.scores, programs.targets, programs.detached],
    ids=lambda f: f.__name__,
)
def test_the_script_finds_nothing_in_a_program_that_learns(fault):
    assert examine(fault, mended=True) == []


def test_no_look_changes_what_the_next_one_sees(capsys):
    ends = []
    for with_step in (False, True):
        # Its step leaves a gradient behind, which a later check would see.
        program = programs.make_program(programs.no_zero_grad, False)
        x, y = program.draw(8)
        step = (lambda p=program, x=x, y=y: p.step(x, y)) if with_step else None
        examine_with(program, x, y, step, 9)
        ends.append(capsys.readouterr().out.splitlines()[-1])
    assert ends[0] == ends[1]


class Words(nn.Module):
    def __init__(self, batch_first):
        super().__init__()
        self.embedding = nn.Embedding(9, 5)
        self.lstm = nn.LSTM(5, 16, batch_first=batch_first)
        self.readout = nn.Linear(16, 3)

    def forward(self, ids):
        output, state = self.lstm(self.embedding(ids))
        return self.readout(output), state


def flat_loss(predictions, y):
    return nn.functional.cross_entropy(predictions.flatten(0, 1), y.flatten())


@pytest.mark.parametrize("batch_first", [False, True])
def test_ids_are_looked_at_by_their_embedding(batch_first):
    torch.manual_seed(0)
    model = Words(batch_first)
    ids = torch.randint(9, (6, 8))  # 6 samples of 8 steps
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    problems = why.examine(model, flat_loss, optimizer, ids, ids % 3)
    assert problems == ([] if batch_first else ["reach"])


def constants():
    torch.manual_seed(0)
    model = nn.Linear(3, 1)
    model.bias.requires_grad_(False)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    return model, optimizer, torch.randn(6, 3), torch.full((6, 1), 2.0)


def test_targets_that_are_all_alike_are_told():
    model, _, x, y = constants()
    assert why.targets(model, None, None, x, y, 0)[1:] == (True, "all are alike")


def test_a_frozen_parameter_is_no_fault_but_an_unused_one_is():
    model, optimizer, x, y = constants()
    assert why.gradients(model, mse, optimizer, x, y, 0)[1] is False
    model.unused = nn.Parameter(torch.ones(2))
    optimizer.add_param_group({"params": [model.unused]})
    _, wrong, text = why.gradients(model, mse, optimizer, x, y, 0)
    assert (wrong, text) == (True, "unused has no gradient")


def test_a_step_that_changes_nothing_is_told():
    model, optimizer, x, y = constants()
    _, wrong, text = why.own_step(model, mse, optimizer, x, y, list, 1)
    assert (wrong, text) == (True, "it changes no weight")


@pytest.mark.parametrize(("zeroes", "wrong"), [(True, False), (False, True)])
def test_gradients_that_add_up_are_told_where_they_are_clipped(zeroes, wrong):
    model, optimizer, x, y = constants()

    def step():
        if zeroes:
            optimizer.zero_grad()
        mse(model(x), y).backward()
        nn.utils.clip_grad_norm_(model.parameters(), max_norm=0.1)
        optimizer.step()

    assert why.own_step(model, mse, optimizer, x, y, step, 1)[1] is wrong


@pytest.mark.parametrize("steps", range(4))
def test_a_lag_is_counted(steps):
    torch.manual_seed(0)
    actual = torch.randn(50).cumsum(0)
    noise = 0.1 * torch.randn(50)
    assert why.lag(actual.roll(steps) + noise, actual) == steps


def test_what_a_constant_costs_is_the_loss_of_the_best_one():
    y = torch.tensor([0, 0, 1, -100])
    predictions = torch.zeros(4, 3)
    cost = why.constant(nn.functional.cross_entropy, predictions, y)
    share = torch.tensor([2 / 3, 1 / 3])
    assert cost == pytest.approx(-(share * share.log()).sum().item())
    y = torch.tensor([[1.0], [2.0], [6.0]])
    cost = why.constant(mse, y, y)
    assert cost == pytest.approx(y.var(correction=0).item())


def test_the_page_calls_the_script_so_that_it_runs(capsys):
    torch.manual_seed(0)
    x = torch.randn(8, 6, 2)  # 8 samples of 6 steps
    model = nn.Sequential(nn.Flatten(), nn.Linear(12, 1))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.01)
    call, *_ = blocks("not-learning", "python")
    loader = [(x, x.sum(dim=(1, 2))[:, None])]
    exec(call, {"loader": loader, "model": model, "optimizer": optimizer})
    lines = capsys.readouterr().out.splitlines()
    assert [line[7:].partition(":")[0] for line in lines] == [
        line[7:].partition(":")[0] for line in RECORD["examined"].splitlines()
    ]


@pytest.mark.trains
def test_training_anew_predicts_the_mean_until_the_shape_is_mended():
    loss, predictions, y = programs.make_program(programs.shapes, False).train()
    assert predictions.std() < 0.05 * y.std()
    assert loss > 0.9 * y.var()
    loss, predictions, y = programs.make_program(programs.shapes, True).train()
    assert predictions.std() > 0.9 * y.std()
    assert loss < 0.05


@pytest.mark.trains
def test_a_forecast_of_its_input_lags_by_one():
    measure = load("measure_not_learning")
    forecasts = measure.forecasts(programs.waves, same_step=True)
    assert forecasts["lag"] == 1
    assert forecasts["error"] == pytest.approx(forecasts["last"], rel=0.05)
    assert forecasts["loss"] < 0.01 * forecasts["error"]


def test_each_fault_was_measured_and_costs_what_it_says():
    assert [*RECORD["faults"]] == [f.__name__ for f in programs.FAULTS]
    for name, losses in RECORD["faults"].items():
        ratio = losses["wrong"]["loss"] / losses["mended"]["loss"]
        # A forecast of its own input has a loss that is far too low.
        assert ratio < 0.1 if name == "targets" else ratio > 50


def test_a_model_is_afterwards_as_it_was():
    program = programs.make_program(programs.shapes, True)
    for _ in range(3):
        program.step(*program.draw(programs.BATCH))
    x, y = program.draw(8)

    def tensors():
        moments = program.optimizer.state_dict()["state"].values()
        named = [*program.model.state_dict().values(), torch.get_rng_state()]
        return [t.clone() for t in named + [t for state in moments for t in state.values()]]

    before = tensors()
    examine_with(program, x, y, lambda: program.step(x, y), 3)
    assert all(map(torch.equal, before, tensors()))
