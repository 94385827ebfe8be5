"""Choose an LSTM in a file, or explain why there is none."""

from ...errors import InputError, UsageError
from ...names import quoted_name, quoted_names, suggestion, with_article
from .checkpoint import Checkpoint
from .modules import StoredLstm, Survey, survey


def choose(checkpoint: Checkpoint, module: str | None) -> StoredLstm:
    """The module with a name, or the only one.

    Raises:
        InputError: If the file has no LSTM.
        UsageError: If there is no module of that name, or there are several and
            no name was given.
        LstmFigsError: If the shapes of the module contradict each other.
    """
    contents = survey(checkpoint)
    names = list(dict.fromkeys([lstm.module for lstm in contents.lstms] + [*contents.broken]))
    if not names:
        raise InputError(
            f"{describe(checkpoint, contents)}, expected an LSTM or LSTMCell; "
            f"{advice_for_others(contents) or 'check how it was saved'}"
        )
    if module is None:
        # Broken modules matter only if there is no valid one.
        names = list(dict.fromkeys(lstm.module for lstm in contents.lstms)) or names[:1]
        if len(names) > 1:
            raise UsageError(
                f"{quoted_name(checkpoint.path)} holds {len(names)} LSTMs, expected "
                f"--module with one of {quoted_names(names)}; name one"
            )
        (module,) = names
    chosen = [lstm for lstm in contents.lstms if lstm.module == module]
    if len(chosen) > 1:
        kinds = " and ".join(f"an {lstm.kind}" for lstm in chosen)
        name = f"the name {quoted_name(module)}" if module else "no name"
        raise UsageError(
            f"{quoted_name(checkpoint.path)} holds {kinds} under {name}, expected one of them; "
            "save them under different names"
        )
    if not chosen:
        if module in contents.broken:
            raise contents.broken[module]
        is_other = module in contents.others
        got = with_article(contents.others[module]) if is_other else "no module"
        raise UsageError(
            f"--module {quoted_name(module)} is {got} in {quoted_name(checkpoint.path)}, "
            f"expected one of {quoted_names(names)}{suggestion(module, names)}"
        )
    return chosen[0]


def advice_for_others(contents: Survey) -> str:
    """Advice for GRUs and plain RNNs in a file; empty if there are none."""
    others = " ".join(contents.others.values())
    if "GRU" in others:
        return (
            "its rows differ from an LSTM's; `lstm-figs draw gru` and the page *LSTM or GRU* "
            "show how"
        )
    if "RNN" in others:
        return (
            "an RNN has neither gates nor c, and `lstm-figs draw gradient-distance` compares "
            "one with an LSTM"
        )
    return ""


def describe(checkpoint: Checkpoint, contents: Survey) -> str:
    """Describe the tensors of a file without an LSTM."""
    tensors = [f"{quoted_name(name)} {stored.shape}" for name, stored in checkpoint.tensors.items()]
    count = len(tensors)
    what = f"{count} tensor{'s' if count != 1 else ''}"
    locations = {stored.location for stored in checkpoint.tensors.values()}
    if locations and all(location and location.is_optimizer for location in locations):
        what += " of an optimizer"
    if tensors:
        what += f", such as {', '.join(tensors[:3])}"
    for name, kind in list(contents.others.items())[:3]:
        what += f", {with_article(kind)}" + (f" at {quoted_name(name)}" if name else "")
    return f"{quoted_name(checkpoint.path)} holds no LSTM, but {what}"
