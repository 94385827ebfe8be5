"""A law is said of modules that it is true of.

Some laws are those of modules with biases, some of those with a projection. A
figure of another module that says one is wrong, although the law holds.
"""

from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace
from typing import Any

from tests.binding.drawing import Drawing
from tests.binding.sayings.laws import LAWS
from tests.binding.sentences import sentences

MODULES = ("lstm", "stack", "module", "both", "one", "cell", "layer")
"""What preambles call modules, the whole before a part of it."""


def faults(drawing: Drawing) -> Iterator[str]:
    """Laws of other modules than the one that is shown."""
    names = drawing.namespace
    # Beside the module that is shown there may be the cell that is spoken of.
    modules = [names[name] for name in MODULES if name in names]
    if not modules:
        return
    module, visible_modules = modules[0], {modules[0], names.get("cell", modules[0])}
    for sentence in sentences(drawing):
        law = LAWS.get(sentence.text)
        # How many layers and directions there are, other checks hold.
        if (
            law
            and not sentence.claim
            and not any(law.when(run) for candidate in visible_modules for run in _runs(candidate))
        ):
            yield (
                f"{sentence.text!r} is no law of a module with "
                f"bias={module.bias} and proj_size={_projected(module)}"
            )


def _projected(module: Any) -> int:
    return getattr(module, "proj_size", 0)


def _runs(module: Any) -> Iterator[Any]:
    """As much of runs as says which laws are true of them."""
    for layers, both in product((1, 2), (False, True)):
        yield SimpleNamespace(
            lstm=SimpleNamespace(
                bias=module.bias,
                proj_size=_projected(module),
                num_layers=layers,
                bidirectional=both,
            ),
            is_single=layers == 1 and not both,
            is_finite=True,
            units=1,
            x=_Input(),
        )


class _Input:
    """Two steps of two sequences."""

    shape = (2, 2, 1)

    def __len__(self) -> int:
        return self.shape[0]
