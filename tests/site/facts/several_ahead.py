"""What `several-ahead` quotes."""

import inspect
import tempfile
from functools import cache
from pathlib import Path

import pytest
import torch

from tests.doc_scripts import load
from tests.site.facts.common import module, randn, session
from tests.site.records import AHEAD, names_of

SCRIPT = load("ahead")


def reads_columns() -> bool:
    """Whether a file of names and rows is read as it stands."""
    names, rows = ["a", "b", "c"], randn(200, 3)
    lines = [",".join(map(str, row)) for row in rows.tolist()]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "some.csv")
        path.write_text("\n".join([",".join(names), *lines]))
        actual_names, actual_rows = SCRIPT.read(path)
    return actual_names == names and torch.allclose(actual_rows, rows)


def forecasts_all_that_it_reads() -> bool:
    at_once, fed_back = SCRIPT.AtOnce(3, 0), SCRIPT.FedBack(3, 0)
    forecast, _ = fed_back.next(randn(5, 2, 3))
    return (
        at_once.lstm.input_size == fed_back.lstm.input_size == 3
        and at_once(randn(5, 2, 3)).shape == (SCRIPT.AHEAD, 2)
        and forecast.shape == (5, 2, 3)
    )


def begins_with_the_end_of_the_other() -> bool:
    """Whether the test reads the last rows of the training part."""
    train, test = SCRIPT.parts(randn(500, 3))
    return (
        torch.equal(test[: SCRIPT.PAST], train[-SCRIPT.PAST :])
        and len(train) + len(test) == 500 + SCRIPT.PAST
    )


@cache
def series() -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The rows that the script makes, and the windows of its test."""
    _, rows = SCRIPT.synthetic_sales()
    return rows, *SCRIPT.windows(SCRIPT.parts(rows)[1])


@cache
def untrained() -> dict[str, torch.Tensor]:
    """The errors before any training, of both networks and both baselines."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SCRIPT, "EPOCHS", 0)
        errors, _, _ = SCRIPT.compare(series()[0], 1)
    return errors


def needs_no_training(way: str) -> bool:
    """Whether a baseline says the last value, or that of a week before."""
    _, past, future = series()
    forecasts = past[-1:] if way == "last" else past[-7:]
    errors = (forecasts - future)[..., 1].abs().mean(dim=1)
    return torch.allclose(untrained()[way], errors)


def is_of_the_last_fifth() -> bool:
    """Whether forecasts of the test are of rows that no training had."""
    rows, _, future = series()
    cut = len(SCRIPT.parts(rows)[0])
    return (
        cut == len(rows) * 4 // 5
        and torch.equal(future[0, 0], rows[cut])
        and torch.equal(future[-1, -1], rows[-1])
    )


@cache
def off_by_lines(ahead: int) -> float:
    """The error of the best linear forecast from all that is read."""
    rows, past, future = series()
    seen, targets = SCRIPT.windows(SCRIPT.parts(rows)[0])

    def table(some: torch.Tensor) -> torch.Tensor:
        flat = some.permute(1, 0, 2).flatten(1).double()
        return torch.cat([flat, torch.ones(len(flat), 1)], dim=1)

    lines = torch.linalg.lstsq(
        table(seen), targets[ahead - 1, :, 1:].double(), driver="gelsd"
    ).solution
    forecasts = table(past) @ lines
    return (forecasts - future[ahead - 1, :, 1:]).abs().mean().item()


def is_refused(line: str) -> bool:
    """Whether a row is refused with the advice that the page gives."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "some.csv")
        path.write_text("\n".join(["a,b", *["1,2"] * 200, line]))
        try:
            SCRIPT.read(path)
        except ValueError as error:
            return "leave out dates, and fill gaps" in str(error)
    return False


def trains_for_what_it_says() -> bool:
    """Whether one is trained for each step ahead, and the other for the next.

    The second has an error at each step that it reads.
    """
    past, future = randn(28, 5, 2), randn(7, 5, 2, seed=1)
    at_once, fed_back = SCRIPT.AtOnce(2, 1), SCRIPT.FedBack(2, 1)
    rows = torch.cat([past, future])
    next_rows, _ = fed_back.next(rows[:-1])
    return torch.allclose(
        at_once.loss(past, future), (at_once(past) - future[..., 1]).square().mean()
    ) and torch.allclose(fed_back.loss(past, future), (next_rows - rows[1:]).square().mean())


def adds_up() -> bool:
    errors = names_of(AHEAD)["errors"]["fed back"]
    return [*errors] == sorted(errors) and errors[-1] > 1.5 * errors[0]


def reads_true_values_alone() -> bool:
    """Whether the loss of the next step calls the LSTM once, on the rows."""
    model, inputs = SCRIPT.FedBack(2, 1), []
    model.lstm.register_forward_pre_hook(lambda _, x: inputs.append(x[0]))
    past, future = randn(28, 5, 2), randn(7, 5, 2, seed=1)
    model.loss(past, future)
    (read,) = inputs
    return torch.equal(read, torch.cat([past, future])[:-1])


def reads_its_own_alone() -> bool:
    """Whether a window is in the end what was forecast."""
    names = session("several-ahead")
    return torch.allclose(names["window"].flatten(), torch.tensor(names["forecasts"][-30:]))


def is_scaled_back_at_the_end() -> bool:
    """Whether what is fed back has to stay scaled."""
    model, past = SCRIPT.FedBack(1, 0), randn(28, 4, 1)
    with torch.no_grad():
        forecast, state = model.next(past)
        scaled, _ = model.next(forecast[-1:], state)
        unscaled, _ = model.next(forecast[-1:] * 50 + 300, state)
    return scaled.abs().max() < 5 < 200 < unscaled.min()


def meets() -> bool:
    """Whether forecasts from two beginnings come together."""
    torch.manual_seed(0)
    lstm, readout = torch.nn.LSTM(1, 16), torch.nn.Linear(16, 1)
    forecasts, state, distances = torch.tensor([[[-2.0], [2.0]]]), None, []
    with torch.no_grad():
        for _ in range(40):
            output, state = lstm(forecasts, state)
            forecasts = readout(output)
            distances.append((forecasts[0, 0] - forecasts[0, 1]).abs().item())
    return distances[0] > 0.01 and max(distances[10:]) < 1e-4


def goes_on_with_the_week() -> bool:
    """Whether what *season* says differs from step to step as a week does."""
    week = torch.tensor([0.0, 5, 10, 15, 45, 60, 30]).repeat(60)
    errors = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SCRIPT, "EPOCHS", 0)
        patch.setattr(SCRIPT, "AHEAD", 21)
        errors, _, _ = SCRIPT.compare(week[:, None], 0)
    return not errors["season"].any() and errors["last"].max() > 10


def adds_to_the_last_value() -> bool:
    """Whether a network whose readout says zero says the last value."""
    past, is_last_value = randn(28, 4, 2), []
    for model in (SCRIPT.AtOnce(2, 1), SCRIPT.FedBack(2, 1)):
        torch.nn.init.zeros_(model.readout.weight)
        torch.nn.init.zeros_(model.readout.bias)
        is_last_value.append(torch.equal(model(past), past[-1:, :, 1].expand(7, -1)))
    return all(is_last_value)


def begins_as_last() -> bool:
    """Whether the first errors before training are about those of *last*."""
    errors = untrained()
    return all(abs(errors[way][0] / errors["last"][0] - 1) < 0.1 for way in ("at once", "fed back"))


def repeats_its_changes() -> bool:
    """Whether a series that grows has new values, and changes as before."""
    grown = torch.arange(100.0) + randn(100)
    earlier, later = grown[:80], grown[80:]
    changes, new = earlier.diff(), later.diff()
    return (later > earlier.max() - 3).all() and bool(
        changes.min() <= new.min() and new.max() <= changes.max()
    )


def is_a_vector_of_one_hot() -> bool:
    table, days = torch.nn.Embedding(7, 3), torch.arange(7)
    return torch.equal(table(days), torch.nn.functional.one_hot(days).float() @ table.weight)


def knows_no_other_id() -> bool:
    try:
        torch.nn.Embedding(50, 8)(torch.tensor([50]))
    except IndexError:
        return True
    return False


def stays_the_same_in_a_series() -> bool:
    vectors = session("several-ahead")["x"][:, :, 5:]
    return torch.equal(vectors[:1].expand_as(vectors), vectors)


def knows_no_time() -> bool:
    """Whether a step has no time but what is a feature of it."""
    arguments = [*inspect.signature(torch.nn.LSTM.forward).parameters]
    return arguments == ["self", "input", "hx"]


def gates_depend_on_a_feature() -> bool:
    """Whether the time since a step decides how much is kept."""
    cell, states = torch.nn.LSTMCell(1, 1), []
    with torch.no_grad():
        for parameter in cell.parameters():
            parameter.zero_()
        cell.weight_ih[1] = -1  # of the forget gate
        for since in (0.0, 9.0):
            state = torch.zeros(1, 1), torch.ones(1, 1)
            states.append(cell(torch.full((1, 1), since), state)[1].item())
    return states[0] == 0.5 and states[1] < 0.001


def switches_one_module_alone() -> bool:
    model = torch.nn.ModuleList([session("several-ahead")["deep"]])
    model.append(torch.nn.Dropout()).eval()
    model[0].train()
    return [child.training for child in model] == [True, False]


def knows_nothing_of_noise() -> bool:
    """Whether what differs from run to run comes from the dropout alone."""
    x = randn(9, 1, 1)
    spreads = []
    for share in (0.0, 0.2):
        deep = module(1, 8, num_layers=2, dropout=share)
        runs = torch.stack([deep(x)[0][-1] for _ in range(20)])
        spreads.append(runs.std(dim=0).max().item())
    return spreads[0] == 0 < spreads[1]


def is_cut_alike() -> bool:
    names = session("several-ahead")
    return (
        torch.equal(names["apart"].transpose(0, 1).flatten(), torch.arange(10.0))
        and len(names["of_each"]) == names["apart"].shape[1]
        and names["labels"].unfold(0, 5, 5).shape == (2, 5)
    )


def has_nothing_to_remember() -> bool:
    """Whether a single step from zeros leaves the state's weights unused."""
    lstm = module(9, 4)
    lstm(randn(1, 5, 9))[0].sum().backward()
    return lstm.weight_ih_l0.grad.any() and not lstm.weight_hh_l0.grad.any()


def may_be_shuffled() -> bool:
    model, past = SCRIPT.AtOnce(2, 1), randn(28, 6, 2)
    order = torch.tensor([3, 1, 5, 0, 4, 2])
    return torch.allclose(model(past)[:, order], model(past[:, order]))


def knows_no_further_back() -> bool:
    """Whether only a state that is kept tells what came before a window."""
    model, results = SCRIPT.FedBack(2, 1), []
    window = randn(28, 1, 2)
    for seed in (1, 2):
        _, state = model.next(randn(28, 1, 2, seed=seed))
        results.append((model(window), model.next(window, state)[0][-1]))
    (forecast, with_state), (other_forecast, other_with_state) = results
    return torch.equal(forecast, other_forecast) and not torch.equal(with_state, other_with_state)


def is_useless_unscaled() -> bool:
    """Whether a forecast is far off until it is scaled back."""
    rows = 300 + 50 * randn(60, 1)
    mean, std = rows.mean(dim=0), rows.std(dim=0)
    forecast = SCRIPT.AtOnce(1, 0)(((rows - mean) / std)[:28, None])
    return bool(forecast.max() < 10 and (forecast * std + mean).min() > 100)


def counts_for_nothing() -> bool:
    """Whether a small series that is scaled with a large one has no loss."""
    both = torch.stack([randn(50), 1e4 * randn(50, seed=1)], dim=1)
    scaled = (both - both.mean()) / both.std()
    error = (scaled - scaled.mean(dim=0)).square().mean(dim=0)
    return bool(error[0] < 1e-6 * error[1])


def loses_its_size() -> bool:
    values = randn(50).exp()
    scaled = [(x - x.mean()) / x.std() for x in (values, 9 * values)]
    return torch.allclose(*scaled, atol=1e-5) and not torch.isclose(
        values.mean().log(), (9 * values).mean().log()
    )


def is_divided_by_std() -> bool:
    truth, forecast, std = randn(50) * 20 + 7, randn(50, seed=1) * 20 + 7, 20.0
    off = forecast - truth
    scaled = (forecast - 7) / std - (truth - 7) / std
    return all(
        torch.isclose(off.abs().pow(power).mean() / std**power, mean)
        for power in (1, 2)
        for mean in [scaled.abs().pow(power).mean()]
    )


def shares_steps_at_random() -> bool:
    """Whether most steps of windows that are drawn were trained with."""
    both = torch.arange(500).unfold(0, SCRIPT.PAST + SCRIPT.AHEAD, 1)
    order = torch.randperm(len(both), generator=torch.Generator().manual_seed(0))
    test, train = both[order[:90]], both[order[90:]]
    return torch.isin(test, train).float().mean() > 0.95


def forecasts_none_of_them() -> bool:
    rows, past, future = series()
    train, _ = SCRIPT.parts(rows)
    return torch.equal(past[:, 0], train[-SCRIPT.PAST :]) and torch.equal(
        future[:, 0], rows[len(train) : len(train) + SCRIPT.AHEAD]
    )


def is_better_by_luck() -> bool:
    """Whether the best of equals looks better in its test than later."""
    test, later = randn(2, 200, 20).abs()
    best = test.argmin(dim=1, keepdim=True)
    return test.gather(1, best).mean() < 0.5 * later.gather(1, best).mean()


def is_best_foretold_by_its_last() -> bool:
    """Whether of a walk at random only the last value says anything."""
    walk = randn(5000).cumsum(0)
    both = walk.unfold(0, 5, 1)
    lines = torch.linalg.lstsq(both[:, :4], both[:, 4:]).solution.flatten()
    return torch.allclose(lines, torch.tensor([0.0, 0, 0, 1]), atol=0.05)


def is_flat_if_shapes_differ() -> bool:
    """Whether (N, 1) against (N,) is best where all forecasts are the mean."""
    truth = randn(50)
    forecast = truth.mean().expand(50, 1).clone().requires_grad_()
    error = (forecast - truth).square().mean()  # as `mse_loss` broadcasts
    error.backward()
    return forecast.grad.abs().max() < 1e-6


def is_flat_if_large() -> bool:
    """Whether large inputs of one sign all have the same output."""
    lstm = module(1, 8)
    with torch.no_grad():
        ends = [lstm(size * torch.ones(9, 1, 1))[0][-1] for size in (1e3, 9e3)]
    return torch.allclose(*ends, atol=1e-6)


def drifts_away() -> bool:
    errors = names_of(AHEAD)["errors"]
    return adds_up() and errors["at once"][-1] > errors["season"][-1]


def has_read_the_future() -> bool:
    x = randn(4, 1, 3).requires_grad_()
    output, _ = module(3, 2, bidirectional=True)(x)
    (grad,) = torch.autograd.grad(output[1].sum(), x)
    return grad.any(2).all()


def lies_after_its_training() -> bool:
    """Whether each test begins where its training ends."""
    cut = session("several-ahead")["walk_forward"](100, 3, 10)
    return cut == [(70, 80), (80, 90), (90, 100)]


def costs_more_on_one_side() -> bool:
    loss = session("several-ahead")["quantile_loss"]
    truth = torch.zeros(1)
    too_low, too_high = (loss(truth + k, truth, 0.9) for k in (-1, 1))
    return torch.isclose(too_low, 9 * too_high)


def reshapes_wrongly() -> bool:
    rows = torch.arange(10.0)[:, None]
    both = rows.unfold(0, 6, 1)
    right, wrong = both.permute(2, 0, 1), both.reshape(6, 5, 1)
    return right.shape == wrong.shape and not torch.equal(right, wrong)


def reads_it_as_if_it_had_happened() -> bool:
    """Whether each step that is read is the forecast before it."""
    model, read, forecasts = SCRIPT.FedBack(2, 1), [], []
    model.lstm.register_forward_pre_hook(lambda _, x: read.append(x[0]))
    step = model.next

    def look(rows, state=None):
        forecast, state = step(rows, state)
        forecasts.append(forecast[-1:])
        return forecast, state

    model.next = look
    model(randn(28, 5, 2))
    return all(map(torch.equal, read[1:], forecasts[:-1])) and len(read) == 8


def begins_a_window_at_each_step() -> bool:
    """Whether windows are stretches, one from each row that has room."""
    rows = randn(50, 3)
    past, future = SCRIPT.windows(rows)
    return (
        past.shape == (SCRIPT.PAST, 16, 3)
        and future.shape == (SCRIPT.AHEAD, 16, 3)
        and all(
            torch.equal(torch.cat([past[:, k], future[:, k]]), rows[k : k + 35]) for k in range(16)
        )
    )


def is_scaled_back_by_its_own() -> bool:
    """Whether only the numbers of the target bring it back."""
    table = randn(50, 3) * torch.tensor([1.0, 10.0, 100.0])
    mean, std = table.mean(dim=0), table.std(dim=0)
    scaled = ((table - mean) / std)[:, 2]
    return torch.allclose(scaled * std[2] + mean[2], table[:, 2], atol=1e-3) and not torch.allclose(
        scaled * std[1] + mean[1], table[:, 2], atol=1
    )
