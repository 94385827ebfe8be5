import tempfile
from functools import cache
from pathlib import Path

import pytest
import torch

from tests.doc_scripts import load
from tests.site.facts.common import module, randn

SCRIPT = load("ahead")


def script_reads_columns():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "some.csv")
        path.write_text("a,b\n" + "".join(f"{k},{-k}\n" for k in range(200)))
        names, rows = SCRIPT.read(path)
    return names == ["a", "b"] and rows[3].tolist() == [3, -3]


@cache
def errors_of_a_week():
    """Errors of forecasts of a series that repeats itself after seven steps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(SCRIPT, "EPOCHS", 0)
        return SCRIPT.compare((torch.arange(420) % 7.0)[:, None], 0)[0]


def models_train_as_described():
    past, future = randn(28, 5, 2), randn(7, 5, 2, seed=1)
    at_once, fed_back = SCRIPT.AtOnce(2, 1), SCRIPT.FedBack(2, 1)
    rows = torch.cat([past, future])
    errors = at_once(past) - future[..., 1], fed_back.next(rows[:-1])[0] - rows[1:]
    losses = [model.loss(past, future) for model in (at_once, fed_back)]
    return torch.allclose(torch.stack(losses), torch.stack([e.square().mean() for e in errors]))


def one_step_has_no_memory():
    lstm = module(9, 4)
    lstm(randn(1, 5, 9))[0].sum().backward()
    return lstm.weight_ih_l0.grad.any() and not lstm.weight_hh_l0.grad.any()


def windows_begin_at_each_step():
    rows = randn(50, 3)
    past, future = SCRIPT.windows(rows)
    return (past.shape, future.shape) == ((28, 16, 3), (7, 16, 3)) and torch.equal(
        torch.cat([past[:, 5], future[:, 5]]), rows[5:40]
    )
