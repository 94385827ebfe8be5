"""Weights in torch's own files, which are pickles, through torch."""

import pickletools
import re
from pathlib import Path
from typing import Any

from ..errors import InputError
from ..literals import text
from ..names import first_line, plain, shown
from .checkpoint import Checkpoint, Stored
from .parameters import holds_recurrent

ADVICE = "save tensors alone: torch.save(module.state_dict(), FILE)"

Keys = tuple[Any, ...]


def read_pickles(name: str, *, mapped: bool) -> Checkpoint:
    """The tensors of a file of `torch.save`.

    Args:
        name: The file.
        mapped: Whether it is in the zip format, of which only what is needed
            is read.

    Raises:
        InputError: If it asks for more than tensors, or is damaged.
        MissingTool: If torch is not installed.
    """
    if Path(name).suffix == ".safetensors":
        # torch.load goes by that suffix, so no reader could load it.
        raise InputError(
            f"{shown(name)} is a file of torch.save, expected what its suffix "
            "says; rename it to end in .pt"
        )
    from ..capture.files import VERSION, leaves

    try:
        found = leaves(name, mapped=mapped)
    except Exception as error:
        raise InputError(_refusal(name, error)) from error
    groups: dict[Keys, dict[str, Stored]] = {}
    for leaf in found:
        *above, last = leaf.keys or ("",)
        groups.setdefault(tuple(above), {})[str(last)] = Stored(
            tuple(leaf.tensor.shape), leaf.dtype, leaf.array
        )
    tensors, setups = _named(name, groups)
    return Checkpoint(name, "torch", tensors, setups, torch=VERSION)


def _named(
    name: str, groups: dict[Keys, dict[str, Stored]]
) -> tuple[dict[str, Stored], dict[str, str]]:
    """Dotted names, and the Python that makes each dict.

    Keys on the way to the only dict with recurrent layers are left out of its
    names: `{"epoch": 3, "model": {…}}` names them as the model does.
    """
    homes = [
        keys for keys, own in groups.items()
        if holds_recurrent(own) and not any(map(_is_optimizer, keys))
    ]  # fmt: skip
    loaded = f'torch.load({text(name)}, map_location="cpu", weights_only=True)'
    tensors: dict[str, Stored] = {}
    setups: dict[str, str] = {}
    for keys in homes or groups:
        prefix = "" if len(homes) == 1 else "".join(f"{key}." for key in keys)
        path = "".join(f"[{_literal(key)}]" for key in keys)
        setups[prefix] = f"state = {loaded}{path}"
        tensors |= {prefix + key: own for key, own in groups[keys].items()}
    return tensors, setups


def _is_optimizer(key: Any) -> bool:
    """Whether a key leads to the state of an optimizer.

    It may have the names and the shapes of parameters.
    """
    pattern = r"optim(izers?)?(_states?)?(_dict)?"
    return re.fullmatch(pattern, str(key), re.IGNORECASE) is not None


def _literal(key: Any) -> str:
    return text(key) if isinstance(key, str) else repr(key)


def _refusal(name: str, error: Exception) -> str:
    """One sentence for what torch says in many."""
    said = str(error)
    asked = re.search(r"GLOBAL ([\w.]+)", said)
    wanted = asked.group(1) if asked else ""
    if not wanted and "Unsupported operand" in said:
        wanted = _first_call(name)
    if wanted:
        return (
            f"{shown(name)} is a pickle that asks for {plain(wanted)}, "
            "expected tensors alone; it was not loaded, because what a "
            f"pickle asks for can run any code, so {ADVICE}"
        )
    reason = (
        "it is a pickle, but not one of torch.save"
        if "magic number" in said or "Unsupported operand" in said
        else first_line(error)
    )
    return (
        f"{shown(name)} cannot be read as a file of torch.save ({reason}), "
        f"expected a whole one; {ADVICE}"
    )


def _first_call(name: str) -> str:
    """The first thing that a plain pickle asks for; nothing is run."""
    words = ["", ""]
    try:
        with Path(name).open("rb") as file:
            for opcode, argument, _ in pickletools.genops(file):
                if opcode.name == "GLOBAL":
                    return str(argument).replace(" ", ".")
                if opcode.name == "STACK_GLOBAL":
                    return ".".join(words[-2:])
                if isinstance(argument, str):
                    words.append(argument)
    except Exception:
        # Damaged: then the damage is what is said.
        return ""
    return ""
