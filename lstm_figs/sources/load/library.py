"""Import optional libraries that read files of other frameworks."""

import importlib
from typing import Any

from ...errors import MissingTool
from ...names import quoted_name


def library(name: str, file: str) -> Any:
    """Import a library of the extra `formats`.

    Args:
        name: Its import name.
        file: The file to read, as it was typed, for the error message.

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
