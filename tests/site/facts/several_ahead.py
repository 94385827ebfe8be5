"""What `several-ahead` quotes."""

import inspect
import tempfile
from functools import cache
from pathlib import Path

import pytest
import torch

from tests.doc_scripts import load
from tests.site.facts.common import module, randn, session
from tests.site.facts.layers import drops_what_is_handed_up_alone
from tests.site.facts_of_pages import of_torch, record
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


FACTS = (
    *of_torch(
        (
            "`PAST`, `AHEAD` and `HIDDEN` stand at the top of the script.",
            lambda: SCRIPT.AtOnce(3, 0).lstm.hidden_size == SCRIPT.HIDDEN,
            lambda: (SCRIPT.PAST, SCRIPT.AHEAD) == (28, 7),
        ),
        (
            "**At once** (*direct*): the readout of the last state has one "
            "output for each step ahead, and all are trained.",
            lambda: SCRIPT.AtOnce(3, 0).readout.out_features == SCRIPT.AHEAD,
            trains_for_what_it_says,
        ),
        (
            "**Fed back** (*autoregressive*, *recursive*): the network "
            "forecasts one step, and reads that forecast as if it had "
            "happened.",
            reads_it_as_if_it_had_happened,
        ),
        (
            "does with tokens, and training on the true values is [teacher "
            "forcing](seq2seq.md#teacher-forcing).",
            reads_true_values_alone,
        ),
        ("The dropout of `nn.LSTM` acts between layers,", drops_what_is_handed_up_alone),
        (
            "A window is a stretch of `PAST` steps to read and `AHEAD` to "
            "forecast; each step of the series begins one:",
            begins_a_window_at_each_step,
        ),
        (
            "With several features `past` is (`PAST`, windows, features), and "
            "`future` (`AHEAD`, windows, what is forecast), which may be fewer "
            "features, or one.",
            begins_a_window_at_each_step,
        ),
        ("Large numbers [keep an LSTM from learning]", is_flat_if_large),
        (
            "Both are those of the training part, and the forecast is scaled back:",
            is_useless_unscaled,
        ),
        ("By its own mean and standard deviation.", is_scaled_back_by_its_own),
        (
            "It tests on more than one stretch: train up to some day, forecast "
            "what follows, move on, and train again with what has become "
            "known.",
            lies_after_its_training,
        ),
        (
            "**Good in the test, poor in use.** The split was random, or the scaling saw the test.",
            shares_steps_at_random,
        ),
    ),
    *of_torch(
        (
            ", at once and fed back, and puts both beside forecasts that need no network.",
            lambda: [*untrained()] == ["last", "season", "fed back", "at once"],
            lambda: needs_no_training("last") and needs_no_training("season"),
        ),
        (
            "These are mean absolute errors on the last fifth of the days, "
            "which the networks were not trained with, for each step ahead. "
            "*Last* says that nothing changes, and *season* that each day is "
            "as seven days before. Look at these two first: they need no "
            "training, so a network has to beat both.",
            is_of_the_last_fifth,
            lambda: needs_no_training("last") and needs_no_training("season"),
        ),
        (
            "Little but the weekday is known of it, and *season* knows that too.",
            lambda: 0.9 < off_by_lines(7) / untrained()["season"][-1].item() < 1,
            lambda: off_by_lines(1) < 0.6 * untrained()["season"][0].item(),
        ),
        (
            "**No dates.** Put what they say into columns: one on holidays and "
            "zero elsewhere, or sine and cosine of the hour. - **Gaps** have "
            "to be filled",
            lambda: is_refused("2024-01-01,2") and is_refused(",2"),
            lambda: not is_refused("1,2"),
        ),
        (
            "| Trained for | All steps ahead | The next step, so its errors "
            "add up | | Learns from | Windows | Every step |",
            trains_for_what_it_says,
            adds_up,
        ),
        (
            "**A model of windows that forecasts one value** can be fed back "
            "as well, without a state: put the forecast at the end of the "
            "window, and leave out its oldest step. After as many steps as a "
            "window has, it reads nothing but its own forecasts;",
            reads_its_own_alone,
        ),
        (
            "If the inputs were scaled, so are the forecasts: scale them back "
            "at the end, and not in between.",
            is_scaled_back_at_the_end,
        ),
        (
            "It says nothing of a month ahead: for that, test as in use, at "
            "once or fed back from the last day that is known, and print the "
            "error of each step ahead, as the script does.",
            adds_up,
        ),
        (
            "A network that reads its own forecasts hears nothing new. What is "
            "left is a step from one state to the next, done again and again, "
            "and in a new network such a step brings states closer together. "
            "So forecasts from different beginnings meet:",
            meets,
        ),
        (
            "Training has to work against that, and the loss of the next step "
            "alone never sees what becomes of a forecast that is fed back.",
            reads_true_values_alone,
        ),
        (
            "and compare with *season*, which does not converge. ## Forecast "
            "the change, not the value",
            goes_on_with_the_week,
            adds_to_the_last_value,
        ),
        (
            "Both networks add what they say to the last value. So from the "
            "start they are about as good as *last* for the next step, and "
            "only have to learn what differs from it.",
            adds_to_the_last_value,
            begins_as_last,
        ),
        (
            "That also helps where the series grows: a network has never seen "
            "the numbers of next year, but it has seen such changes.",
            repeats_its_changes,
        ),
        (
            "A weekday or the number of a shop is no amount, so give each of "
            "its values a vector by an `nn.Embedding`, and put it beside the "
            "numbers of the same step. For a few values `one_hot` does as "
            "well.",
            is_a_vector_of_one_hot,
        ),
        (
            "What never changes in a series, such as its shop, may also [make "
            "the first state](forecast.md#static-features). Leave an id for "
            "values that training does not know.",
            stays_the_same_in_a_series,
            knows_no_other_id,
        ),
        ("## Steps that are not equally far apart", knows_no_time),
        (
            "An LSTM counts steps and knows no time, so say it: give each step "
            "the time since the one before as a further feature, or its "
            "logarithm if it may be long. The forget gates can then depend on "
            "it.",
            knows_no_time,
            gates_depend_on_a_feature,
        ),
        ("train each with a loss that costs more on one side:", costs_more_on_one_side),
        (
            "and `train` switches it on for this module alone: It tells how "
            "unsure the network is of itself, and leaves out the noise of the "
            "data.",
            switches_one_module_alone,
            knows_nothing_of_noise,
        ),
        ("`reshape` would give the same shape and different numbers.", reshapes_wrongly),
        (
            "**A label for each window**, as for what somebody is doing while "
            "sensors move, is one target per window and no longer one per "
            "step.",
            is_cut_alike,
        ),
        ("Windows without overlap are cut out of steps and labels alike:", is_cut_alike),
        (
            "Side by side as features of a single step they leave the LSTM "
            "nothing to remember, and it is no more than a small feed-forward "
            "network.",
            has_nothing_to_remember,
        ),
        (
            "Windows may be shuffled, since each begins from zeros and holds "
            "all that it needs. What lies further back than `PAST` is unknown "
            "to it; [a state that is kept](forecast.md) has no such limit.",
            may_be_shuffled,
            knows_no_further_back,
        ),
        (
            "## Scaling: fit on the training part alone",
            lambda: (
                "train_rows.mean(dim=0), train_rows.std(dim=0)" in inspect.getsource(SCRIPT.compare)
            ),
        ),
        (
            "Save both with the weights, since the network is of no use without them:",
            is_useless_unscaled,
        ),
        (
            "are scaled each by its own numbers, and each forecast is scaled "
            "back by those of its series. Scaled together, the small ones "
            "would be all but constant, and would count for nothing in the "
            "loss.",
            counts_for_nothing,
        ),
        (
            "If the size itself says something, give it to the network as [a "
            "feature that does not change](forecast.md#static-features), such "
            "as the logarithm of the mean.",
            loses_its_size,
        ),
        (
            "Then measure errors in the unit of the data; absolute ones of "
            "scaled numbers are divided by `std`, squared ones by its square, "
            "and cannot be compared between series.",
            is_divided_by_std,
        ),
        (
            "Without scaling, the same training leaves errors",
            lambda: all(
                sum(names_of(AHEAD)["unscaled"][way]) > sum(names_of(AHEAD)["errors"][way])
                for way in ("at once", "fed back")
            ),
        ),
        ("## Split by time, not at random", shares_steps_at_random),
        (
            "The test is the last part of the series, as in use. If windows "
            "are drawn at random, most steps of a test window were trained "
            "with, and even a network that knows them by heart looks good.",
            is_of_the_last_fifth,
            shares_steps_at_random,
        ),
        (", which are known by then, but forecast none of them.", forecasts_none_of_them),
        ("Each test lies after its training data;", lies_after_its_training),
        (
            "Settings that you choose by a test fit it a bit better than the "
            "future; for a last word, keep a part that was never looked at.",
            is_better_by_luck,
        ),
        (
            "- **The forecast lags by one.** [The target is the input, or "
            "there is nothing more to know](not-learning.md#lag). - **The "
            "forecast is a flat line.** [The shapes "
            "differ](not-learning.md#shapes), or [nothing is "
            "scaled](not-learning.md#scaling).",
            is_best_foretold_by_its_last,
            is_flat_if_shapes_differ,
            is_flat_if_large,
        ),
        (
            "**Fed back, it drifts away.** Each forecast is a bit off, and is "
            "read again. Train at once, or end at a horizon where *season* is "
            "not better.",
            drifts_away,
        ),
        (
            "**A bidirectional LSTM is much better.** It has read the future. "
            "The past may be read in both directions, but [never beyond the "
            "last known step](directions.md).",
            has_read_the_future,
        ),
    ),
    *of_torch(
        (
            "Then one target does, the value 60 steps on; nothing in between has to be forecast.",
            lambda: (x := torch.arange(99))[60:].eq(x[:-60] + 60).all(),
        ),
        ("a day to look back on has 24 steps in place of 1,440", lambda: 24 * 60 == 1440),
        *(
            (words, reads_columns)
            for words in (
                "forecasts seven steps of a series from several columns of a CSV file",
                "The file has a line with names, and then a row for each "
                "step, the oldest first, with a number in each column",
                "Put what they say into columns",
                "with a column beside that says where there was one",
            )
        ),
        (
            "All columns are read, and `--target` is forecast; without it, the last.",
            reads_columns,
            lambda: "args.target or names[-1]" in inspect.getsource(SCRIPT.main),
        ),
        *(
            (words, forecasts_all_that_it_reads)
            for words in (
                "**Several features** are several columns, so `input_size` is "
                "their number, and a step is a row.",
                "are several sequences and no columns",
                "| Has to forecast | The target alone | Every column that it reads |",
                "write the known value over the forecast of that column",
            )
        ),
        (
            "has a step of its own, with one number for each column",
            lambda: (
                SCRIPT.windows(randn(50, 3))[0].shape
                == (SCRIPT.PAST, 50 - SCRIPT.PAST - SCRIPT.AHEAD + 1, 3)
            ),
        ),
        (
            "each column is scaled by its own mean and standard deviation",
            lambda: (
                "train_rows.mean(dim=0), train_rows.std(dim=0)" in inspect.getsource(SCRIPT.compare)
            ),
            lambda: randn(50, 3).mean(dim=0).shape == (3,),
        ),
        (
            "Taken from all rows they would tell the network where the series is going",
            begins_with_the_end_of_the_other,
        ),
        (
            "lets the first window of the test read the last `PAST` rows of the training part",
            begins_with_the_end_of_the_other,
        ),
    ),
    *record(
        AHEAD,
        ("forecasts seven steps", "script.AHEAD == 7 == errors['ahead'][-1]"),
        (
            "Here both networks are far better for the next day, {:.1f} at once against {:.1f}.",
            "errors['at once'][0]",
            "min(errors['season'][0], errors['last'][0])",
        ),
        (
            "both networks are far better for the next day",
            "max(errors['at once'][0], errors['fed back'][0]) "
            "< 0.7 * min(errors['season'][0], errors['last'][0])",
        ),
        (
            "For the seventh day the gain has gone: {:.1f} fed back and {:.1f} "
            "at once against {:.1f}.",
            "errors['fed back'][-1]",
            "errors['at once'][-1]",
            "errors['season'][-1]",
        ),
        (
            "the gain has gone",
            "all(abs(errors[way][-1] / errors['season'][-1] - 1) < 0.06 "
            "for way in ('fed back', 'at once'))",
        ),
        (
            "Neither is always better: in the run above at once wins for the "
            "first steps, and fed back for the last.",
            "errors['at once'][0] < errors['fed back'][0]",
            "errors['at once'][-1] > errors['fed back'][-1]",
        ),
        ("`--season` is how many steps a period has: 24 for hours of a day, 12", "24 == 2 * 12"),
        ("The script refuses fewer than {}.", "5 * (script.PAST + script.AHEAD)"),
        (
            "leaves errors of {:.1f} to {:.1f} at once, and of {:.1f} to {:.1f} fed back",
            "min(unscaled['at once'])",
            "max(unscaled['at once'])",
            "min(unscaled['fed back'])",
            "max(unscaled['fed back'])",
        ),
    ),
)
