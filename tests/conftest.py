"""What several files of tests share."""

import json
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from safetensors.numpy import save_file

from lstm_figs.lstm import Trace
from lstm_figs.sources import Source

settings.register_profile(
    "default", deadline=None, derandomize="CI" in os.environ
)
settings.load_profile("default")


@pytest.fixture(scope="session")
def example() -> Trace:
    """The example network over its four steps."""
    return Source().trace()


@pytest.fixture
def input_files(tmp_path: Path) -> Path:
    """A folder with one input, `x`, in each of the forms that are read."""
    x = np.linspace(-1, 1, 30, dtype=np.float32).reshape(5, 2, 3)
    np.save(tmp_path / "x.npy", x)
    (tmp_path / "x.json").write_text(json.dumps(x.tolist()))
    save_file({"x": x}, tmp_path / "x.safetensors")
    return tmp_path
