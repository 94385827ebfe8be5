"""What `after-loading` quotes."""

import io
import pickle

import torch

from tests.site.facts.common import module, session
from tests.site.facts.errors import stays_as_it_was
from tests.site.quoting import asked


def names_what_is_left_out() -> bool:
    """Whether a model without a readout in its file is told of that alone."""
    model = torch.nn.ModuleDict(
        {"lstm": module(3, 2), "readout": torch.nn.Linear(2, 1)}
    )
    saved = {k: v for k, v in model.state_dict().items() if "lstm" in k}
    found = model.load_state_dict(saved, strict=False)
    return found.missing_keys == ["readout.weight", "readout.bias"]


def reads_no_module() -> bool:
    """Whether only `weights_only=False` reads a whole module."""
    file = io.BytesIO()
    torch.save(module(3, 2), file)
    file.seek(0)
    try:
        torch.load(file, weights_only=True)
    except pickle.UnpicklingError:
        file.seek(0)
        return (
            "weight_hh_l0" in torch.load(file, weights_only=False).state_dict()
        )
    return False


def keeps_its_mode() -> bool:
    new, other = module(3, 2), module(3, 2).eval()
    for one in (new, other):
        one.load_state_dict(module(3, 2).state_dict())
    return new.training and not other.training


def drops_without_gradients() -> bool:
    """Whether dropout acts where no gradient is computed."""
    with torch.no_grad():
        dropped = torch.nn.Dropout(0.5)(torch.ones(99, requires_grad=True))
    return bool((dropped == 0).any()) and not dropped.requires_grad


FACTS = asked(
    (
        "`torch.no_grad()` does not do it: it switches off gradients, not "
        "dropout.",
        drops_without_gradients,
    ),
    (
        "A new module is in training mode, and `load_state_dict` does not "
        "change that.",
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
        "If you need `strict=False`, as for a new readout, look at "
        "`missing_keys`",
        names_what_is_left_out,
    ),
    (
        "Here a pair of words has exchanged its rows",
        lambda: (
            (session("after-loading")["exchanged"] != torch.arange(10)).sum()
            == 2
        ),
    ),
    (
        '`weights = torch.load("old.pt", weights_only=False).state_dict()`; '
        "a whole module can run any code while it is read",
        reads_no_module,
    ),
)
