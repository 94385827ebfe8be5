"""Libraries that read files of others, which need not be installed."""

import importlib
from typing import Any

from ...errors import MissingTool
from ...names import quoted_name


def library(name: str, file: str) -> Any:
    """A library of the extra `formats`.

    Args:
        name: What it is imported as.
        file: The file that it is for, as it was typed.

    Raises:
        MissingTool: If it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        raise MissingTool(
            f"{name} is not installed, and {quoted_name(file)} needs it; install it "
            "with: pip install 'lstm-figs[formats]'"
        ) from error
