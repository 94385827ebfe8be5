"""What `after-loading` quotes."""

import io
import pickle
import subprocess
import sys

import torch

from tests.site.facts.batch_size import depends_on_what_was_run
from tests.site.facts.common import module, randn, session
from tests.site.facts.errors import compiled_names, refusal, stays_as_it_was
from tests.site.facts.not_learning import known
from tests.site.facts.wrong_ways import is_wrong_in_another_order
from tests.site.facts_of_pages import of_torch


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


FACTS = of_torch(
    (
        "a `BatchNorm` uses the mean of the batch at hand.",
        lambda: torch.allclose(
            torch.nn.BatchNorm1d(3)(9 + randn(50, 3)).mean(0), torch.zeros(3), atol=1e-5
        ),
    ),
    (
        "The usual reason for such names is a prefix, `module.` from "
        "`DataParallel` or `DistributedDataParallel`, `_orig_mod.` from "
        "`torch.compile`.",
        lambda: all(
            name.startswith("module.") for name in torch.nn.DataParallel(module(3, 2)).state_dict()
        ),
        lambda: all(n.startswith("_orig_mod.") for n in compiled_names()),
    ),
    (
        "Those of a new file, or of a single sequence, are others.",
        lambda: not torch.isclose(randn(50).mean(), randn(50, seed=1).mean()),
    ),
    (
        "A file of weights has names and shapes.",
        lambda: all(
            isinstance(value, torch.Tensor) for value in module(3, 2).state_dict().values()
        ),
    ),
    (
        "the first call after loading begins from zeros",
        lambda: torch.equal(
            module(3, 2)(randn(4, 1, 3))[0],
            module(3, 2)(randn(4, 1, 3), 2 * (torch.zeros(1, 1, 2),))[0],
        ),
    ),
    (
        "a state that is kept from one sequence to the next makes the second depend on the first.",
        depends_on_what_was_run,
    ),
    (
        "Today's release looks for `_flat_weights` or `_flat_weights_names` "
        "while it reads the file, so there is nothing to mend afterwards.",
        looks_for_flat_weights,
    ),
    (
        "| Always the same, and wrong | The right weights, used in another way "
        "| [Copies](#best), [options](#options), [state](#state), [gate "
        "order](#gate-order) |",
        goes_on_being_trained,
        lambda: leaves_no_trace(batch_first=True),
        depends_on_what_was_run,
        is_wrong_in_another_order,
    ),
    (
        "| Right to three digits or so | Less precision | [`dtype`](#dtype), [a GPU](digits.md) |",
        lambda: 1e-5 < moved_by_half() < 1e-2,
    ),
    (
        "| What you see | What it is | Look at | | --- | --- | --- | | Another "
        "result each time you call | Something random is on | [`eval`](#eval) "
        "|",
        lambda: is_random(training=True),
        lambda: not is_random(training=False),
    ),
    (
        "| The same in one program, another after a restart | A weight that "
        "was not loaded, or an order that is not saved | [Loading](#strict), "
        "[vocabulary](#vocabulary) |",
        stays_as_it_was,
        lambda: len(orders_of_a_set()) > 1,
    ),
    (
        "So [dropout](layers.md#where-dropout-acts) acts, and each call gives a different result;",
        lambda: is_random(training=True),
    ),
    (
        "Nor does another seed help: once all weights are loaded and `eval` is "
        "called, nothing random is left.",
        lambda: not is_random(training=False),
    ),
    (": it has to name what you meant to leave out, and nothing else.", names_what_is_left_out),
    ("What is set *after* loading overwrites what was loaded:", is_overwritten),
    (
        "**A cell of your own** may have weights that no file holds. "
        "`state_dict()` knows what is an `nn.Parameter`, a buffer or a module; "
        "a plain tensor, or cells in a plain list, it leaves out without a "
        "word, and they are drawn anew when the model is built.",
        holds_what_it_knows,
    ),
    (
        "the optimizer [knows them](not-learning.md#optimizer) only then, too.",
        lambda: (known(list), known(torch.nn.ModuleList)) == (0, 2),
    ),
    (
        "`state_dict()` gives the tensors themselves, and no copies. Kept in a "
        'variable, the "best" weights go on being trained, and at the end are '
        "the last ones.",
        goes_on_being_trained,
    ),
    (
        "The weights know words and features by their number only. If the "
        "numbers stand for something else, every layer works, and the answer "
        "is nonsense.",
        reads_other_words,
    ),
    (
        "A vocabulary that is made of a `set` has a different order in each "
        "program, because Python gives strings a different hash each time.",
        lambda: len(orders_of_a_set()) > 1,
    ),
    (
        "Sizes, layers and directions can be told from them, and raise "
        "[an error](errors.md#size-mismatch) if they are wrong. `batch_first` "
        "and `dropout` cannot: they leave no trace in the file.",
        lambda: is_refused(hidden_size=3) and is_refused(input_size=4),
        lambda: is_refused(num_layers=2) and is_refused(bidirectional=True),
        lambda: leaves_no_trace(batch_first=True),
        lambda: leaves_no_trace(dropout=0.5),
    ),
    (
        "The first shape has as many answers as there are steps:",
        lambda: answers_of(batch_first=True, steps=6, batch=4) == 6,
    ),
    (
        "If both are equally many, not even that is seen.",
        lambda: answers_of(True, 4, 4) == answers_of(False, 4, 4),
    ),
    ("An `nn.LSTM` keeps no state, so none is in the file.", keeps_no_state),
    (
        "Weights that were saved in half precision come back rounded, whatever "
        "the module computes in. That moves a result in the third or fourth "
        "digit;",
        lambda: 1e-5 < moved_by_half() < 1e-2,
    ),
    (
        "Then the gates may stand in a different order, and the shapes do not tell.",
        is_wrong_in_another_order,
    ),
    (
        "From Keras the matrices are transposed too, and a square one shows nothing of it.",
        is_not_seen_if_square,
    ),
    (
        "`torch.no_grad()` does not do it: it switches off gradients, not dropout.",
        drops_without_gradients,
    ),
    (
        "A new module is in training mode, and `load_state_dict` does not change that.",
        keeps_its_mode,
    ),
    *(
        (words, stays_as_it_was)
        for words in (
            "## Was everything loaded? `strict=False`, `module.`",
            "With `strict=False` a name that does not fit is passed over, and "
            "the weights with that name stay as they were made",
        )
    ),
    (
        "If you need `strict=False`, as for a new readout, look at `missing_keys`",
        names_what_is_left_out,
    ),
    (
        "Here a pair of words has exchanged its rows",
        lambda: (session("after-loading")["exchanged"] != torch.arange(10)).sum() == 2,
    ),
    (
        '`weights = torch.load("old.pt", weights_only=False).state_dict()`; '
        "a whole module can run any code while it is read",
        reads_no_module,
    ),
)
