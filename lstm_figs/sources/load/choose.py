"""The LSTM in a file that was asked for, or why there is none."""

from ...errors import InputError, UsageError
from ...names import a, listed, nearest, shown
from .checkpoint import Checkpoint
from .modules import Found, Survey, survey


def choose(checkpoint: Checkpoint, module: str | None) -> Found:
    """The module of a name, or the only one.

    Raises:
        InputError: If the file holds no LSTM.
        UsageError: If there is no module of that name, or several without one.
        LstmFigsError: If the module contradicts itself.
    """
    held = survey(checkpoint)
    names = list(dict.fromkeys([f.module for f in held.found] + [*held.broken]))
    if not names:
        raise InputError(
            f"{describe(checkpoint, held)}, expected an LSTM or LSTMCell; "
            f"{works(held) or 'check how it was saved'}"
        )
    if module is None:
        # A broken module beside a whole one does not stop it.
        names = list(dict.fromkeys(f.module for f in held.found)) or names[:1]
        if len(names) > 1:
            raise UsageError(
                f"{shown(checkpoint.path)} holds {len(names)} LSTMs, expected "
                f"--module with one of {listed(names)}; name one"
            )
        (module,) = names
    chosen = [f for f in held.found if f.module == module]
    if len(chosen) > 1:
        kinds = " and ".join(f"an {f.kind}" for f in chosen)
        name = f"the name {shown(module)}" if module else "no name"
        raise UsageError(
            f"{shown(checkpoint.path)} holds {kinds} under {name}, expected "
            "one of them; save them under names of their own"
        )
    if not chosen:
        if module in held.broken:
            raise held.broken[module]
        is_other = module in held.others
        got = a(held.others[module]) if is_other else "no module"
        raise UsageError(
            f"--module {shown(module)} is {got} in {shown(checkpoint.path)}, "
            f"expected one of {listed(names)}{nearest(module, names)}"
        )
    return chosen[0]


def works(held: Survey) -> str:
    """What there is for a module that is no LSTM; empty where it is none."""
    others = " ".join(held.others.values())
    if "GRU" in others:
        return (
            "its rows are not an LSTM's, and `lstm-figs draw gru` and the page "
            "*LSTM or GRU* show how the two differ"
        )
    if "RNN" in others:
        return (
            "an RNN has neither gates nor c, and `lstm-figs draw "
            "gradient-distance` shows one beside an LSTM"
        )
    return ""


def describe(checkpoint: Checkpoint, held: Survey) -> str:
    """What a file without an LSTM holds."""
    tensors = [f"{shown(name)} {stored.shape}" for name, stored in checkpoint.tensors.items()]
    count = len(tensors)
    what = f"{count} tensor{'s' if count != 1 else ''}"
    homes = {stored.home for stored in checkpoint.tensors.values()}
    if homes and all(home and home.is_optimizer for home in homes):
        what += " of an optimizer"
    if tensors:
        what += f", such as {', '.join(tensors[:3])}"
    for name, kind in list(held.others.items())[:3]:
        what += f", {a(kind)} at {shown(name)}"
    return f"{shown(checkpoint.path)} holds no LSTM, but {what}"
