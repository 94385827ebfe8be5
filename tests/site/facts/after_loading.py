"""What `after-loading` quotes."""

import io
import pickle
import subprocess
import sys

import torch

from tests.site.facts.common import module, randn, refusal


def names_what_is_left_out() -> bool:
    """Whether a model without a readout in its file is told of that alone."""
    model = torch.nn.ModuleDict({"lstm": module(3, 2), "readout": torch.nn.Linear(2, 1)})
    saved = {k: v for k, v in model.state_dict().items() if "lstm" in k}
    result = model.load_state_dict(saved, strict=False)
    return result.missing_keys == ["readout.weight", "readout.bias"]


def reads_no_module() -> bool:
    """Whether only `weights_only=False` reads a whole module."""
    file = io.BytesIO()
    torch.save(module(3, 2), file)
    file.seek(0)
    try:
        torch.load(file, weights_only=True)
    except pickle.UnpicklingError:
        file.seek(0)
        return "weight_hh_l0" in torch.load(file, weights_only=False).state_dict()
    return False


def keeps_its_mode() -> bool:
    new, other = module(3, 2), module(3, 2).eval()
    for lstm in (new, other):
        lstm.load_state_dict(module(3, 2).state_dict())
    return new.training and not other.training


def drops_without_gradients() -> bool:
    """Whether dropout acts where no gradient is computed."""
    with torch.no_grad():
        dropped = torch.nn.Dropout(0.5)(torch.ones(99, requires_grad=True))
    return bool((dropped == 0).any()) and not dropped.requires_grad


def is_random(training: bool) -> bool:
    """Whether a call with another seed gives another result."""
    lstm, outputs = module(3, 4, num_layers=2, dropout=0.5).train(training), []
    for seed in (1, 2):
        torch.manual_seed(seed)
        outputs.append(lstm(randn(4, 1, 3))[0])
    return not torch.equal(*outputs)


def holds_what_it_knows() -> bool:
    """Whether a file has a parameter, a buffer and a module, and no more."""
    model = torch.nn.Module()
    model.parameter, model.part = torch.nn.Parameter(randn(2)), module(3, 2)
    model.register_buffer("kept", randn(2))
    model.plain, model.cells = randn(2), [torch.nn.LSTMCell(3, 2)]
    names = {name.partition(".")[0] for name in model.state_dict()}
    return names == {"parameter", "part", "kept"}


def goes_on_being_trained() -> bool:
    lstm = module(3, 2)
    best = lstm.state_dict()
    with torch.no_grad():
        lstm.weight_hh_l0.add_(1)
    return torch.equal(best["weight_hh_l0"], lstm.weight_hh_l0)


def is_overwritten() -> bool:
    """Whether an initialization takes the place of what was loaded."""
    lstm = module(3, 2)
    saved = {k: v + 1 for k, v in lstm.state_dict().items()}
    lstm.load_state_dict(saved)
    torch.nn.init.zeros_(lstm.bias_ih_l0)
    return not torch.equal(lstm.bias_ih_l0, saved["bias_ih_l0"])


def orders_of_a_set() -> set[str]:
    """How programs print the same set of words."""
    words = "print(*{'a', 'b', 'c', 'd', 'e', 'f', 'g'})"
    return {
        subprocess.run(
            [sys.executable, "-S", "-c", words],
            env={"PYTHONHASHSEED": str(seed)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in range(1, 4)
    }


def leaves_no_trace(**options: object) -> bool:
    plain, other = (module(3, 2, num_layers=2), module(3, 2, num_layers=2, **options))
    saved, others = plain.state_dict(), other.state_dict()
    return [*saved] == [*others] and all(torch.equal(saved[name], others[name]) for name in saved)


def is_refused(**options: int) -> bool:
    sizes = {"input_size": 3, "hidden_size": 2}
    saved = torch.nn.LSTM(**sizes).state_dict()
    other = torch.nn.LSTM(**(sizes | options))
    return bool(refusal(lambda: other.load_state_dict(saved)))


def answers_of(batch_first: bool, steps: int, batch: int) -> int:
    """How many answers there are for steps that come first."""
    _, (h_n, _) = module(3, 2, batch_first=batch_first)(randn(steps, batch, 3))
    return h_n.shape[1]


def keeps_no_state() -> bool:
    lstm, x = module(3, 2), randn(4, 1, 3)
    before = {*lstm.state_dict()}
    same = torch.equal(lstm(x)[0], lstm(x)[0])
    return same and {*lstm.state_dict()} == before


def moved_by_half() -> float:
    """How far a result moves whose weights were saved in half precision."""
    lstm, x = module(8, 16), randn(20, 4, 8)
    before, _ = lstm(x)
    lstm.load_state_dict({k: v.half() for k, v in lstm.state_dict().items()})
    assert lstm.weight_hh_l0.dtype == torch.float32
    return ((lstm(x)[0] - before).abs().max() / before.abs().max()).item()


def is_not_seen_if_square() -> bool:
    """Whether a square matrix is loaded though it is transposed."""
    lstm, x = module(8, 2), randn(4, 1, 8)
    before, _ = lstm(x)
    saved = lstm.state_dict()
    saved["weight_ih_l0"] = saved["weight_ih_l0"].T.clone()
    lstm.load_state_dict(saved)
    return not torch.allclose(lstm(x)[0], before, atol=1e-3)


def reads_other_words() -> bool:
    """Whether exchanged words pass without an error, and answer otherwise."""
    embedding, ids = torch.nn.Embedding(10, 3), torch.tensor([2, 5, 7])
    lstm, others = module(3, 2), torch.tensor([7, 5, 2])
    return not torch.allclose(lstm(embedding(ids))[0], lstm(embedding(others))[0])


def looks_for_flat_weights() -> bool:
    """Whether a module whose file lacks them cannot be read."""
    lstm, messages = module(3, 2), []
    for names in (("_flat_weights",), ("_flat_weights", "_flat_weights_names")):
        state = {k: v for k, v in vars(lstm).items() if k not in names}
        empty = torch.nn.LSTM.__new__(torch.nn.LSTM)
        messages.append(refusal(lambda e=empty, s=state: e.__setstate__(s)))
    return all("has no attribute '_flat_weights" in message for message in messages)
