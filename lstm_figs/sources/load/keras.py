"""Read weights of Keras from `.keras` and HDF5 files, without running code.

A `.keras` file is an archive with weights in HDF5, where every layer has a
group `vars` of numbered tensors. Older files have a group for each layer, and
named tensors. The gates are in PyTorch's order, matrices are transposed, and
there is one bias.

A `CuDNNLSTM` has the layout of cuDNN under the same names. It has two
concatenated biases. The matrix of each gate is stored row by row, although its
shape is the transposed one.
"""

import io
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Any, NamedTuple

import numpy as np

from ...errors import UnsupportedModule
from ...model.tensors import Array
from ...names import quoted_name
from ...proof.literals import text
from .archive import Archive
from .checkpoint import Checkpoint, Location, Stored
from .content import Content
from .hdf5 import numbers, text_attribute, tree
from .library import library

WEIGHTS = "model.weights.h5"
"""The member of a `.keras` archive with the tensors."""

PARTS = ("kernel", "recurrent_kernel", "bias")
"""The tensors of a cell, in the order in which `vars` numbers them."""

LAYERS = ("LSTM", "LSTMCell", "CuDNNLSTM")
"""The layers whose activation functions are checked."""

CONTAINERS = ("cell", "cells", "layers", "model_weights", "stacked_rnn_cells")
"""Groups that are not layers."""

FUNCTIONS = {"activation": "tanh", "recurrent_activation": "sigmoid"}
"""The activation functions of torch's LSTM, which are the only ones."""

Datasets = dict[str, tuple[tuple[int, ...], str]]
"""The shape and dtype of every tensor by path."""

Opened = Callable[[], AbstractContextManager[Any]]
"""A function that opens the HDF5 file."""


def read_keras(name: str, archive: Archive) -> Checkpoint:
    """The tensors of an archive.

    Raises:
        MissingTool: If the library of HDF5 is not installed.
        ValueError: If a member is larger than the file can be.
    """
    h5py = library("h5py", name)

    @contextmanager
    def opened() -> Iterator[Any]:
        with h5py.File(io.BytesIO(archive.read(WEIGHTS)), "r") as file:
            yield file

    config = archive.read("config.json") if "config.json" in archive.members else ""
    loading = (
        "import h5py\nimport io\nimport numpy\nimport zipfile\n"
        f"with zipfile.ZipFile({text(name)}) as archive:\n"
        f"    weights = io.BytesIO(archive.read({text(WEIGHTS)}))\n"
        "with h5py.File(weights) as file:"
    )
    return _read(name, "Keras", opened, config or "{}", loading)


def read_hdf5(name: str, content: Content) -> Checkpoint:
    """The tensors of an HDF5 file.

    Raises:
        MissingTool: If the library of HDF5 is not installed.
    """
    h5py = library("h5py", name)

    @contextmanager
    def opened() -> Iterator[Any]:
        with content.open() as raw, h5py.File(raw, "r") as file:
            yield file

    with opened() as file:
        config = text_attribute(file, "model_config")
    loading = f"import h5py\nimport numpy\nwith h5py.File({text(name)}) as file:"
    return _read(name, "HDF5", opened, config or "{}", loading)


def _read(name: str, format: str, opened: Opened, config: str | bytes, loading: str) -> Checkpoint:
    """Read an HDF5 file.

    Args:
        name: The file, as it was typed.
        format: The name of its format.
        opened: The function that opens it.
        config: The configuration of the layers, as JSON.
        loading: Python that opens it as `file`, to be followed by a block.
    """
    with opened() as file:
        contents = tree(file)
    datasets = {
        path: dataset
        for path, dataset in contents.datasets.items()
        if not path.startswith("optimizer")
    }
    cells = _cells(contents.names, datasets)
    incompatible = dict(_incompatible(json.loads(config), ""))
    tensors: dict[str, Stored] = {}
    refused: dict[str, UnsupportedModule] = {}
    for module, module_cells in _modules(cells).items():
        layer_names = {layer for cell in module_cells for layer in cell.within}
        reasons = [incompatible[layer] for layer in incompatible if layer in layer_names]
        if reasons:
            refused[module] = UnsupportedModule(
                f"{quoted_name(module)} {reasons[0]}, expected an LSTM like torch.nn.LSTM; its "
                "results would differ, so choose another LSTM"
            )
            continue
        parts = {
            f"{key}_l0{'_reverse' if cell.reverse else ''}": part
            for cell in module_cells
            for key, part in _parameters(cell, datasets).items()
        }
        tensors |= _take_parameters(module, parts, datasets, opened, loading)
    for path, (shape, dtype) in datasets.items():
        tensors[path.replace("/", ".")] = Stored(shape, dtype, read=Part(path).reading(opened))
    return Checkpoint(
        name, format, tensors, tensor='torch.from_numpy({}.astype("float32"))', refused=refused
    )


class Cell(NamedTuple):
    """A cell of a recurrent layer.

    Attributes:
        layers: The layers that contain it, the outermost first.
        within: The same, followed by the names of its own groups.
        reverse: Whether it is the reverse direction.
        paths: The paths of its tensors, by the names in `PARTS`.
    """

    layers: tuple[str, ...]
    within: tuple[str, ...]
    reverse: bool
    paths: Mapping[str, str]


def _cells(names: Mapping[str, str], datasets: Mapping[str, object]) -> list[Cell]:
    """Every cell, which is a group with two matrices."""
    folders: dict[str, dict[str, str]] = {}
    for path in datasets:
        folder, _, last = path.rpartition("/")
        # Older files name a tensor `kernel:0`, newer ones number those of a cell.
        part = last.partition(":")[0]
        if folder.endswith("/vars") and "cell" in folder.split("/"):
            by_number = dict(zip("012", PARTS, strict=True))
            part = by_number.get(part, "")
        if part in PARTS:
            folders.setdefault(folder, {})[part] = path
    return [
        _cell(names, folder, paths)
        for folder, paths in folders.items()
        if {*PARTS[:2]} <= paths.keys()
    ]


def _cell(names: Mapping[str, str], folder: str, paths: Mapping[str, str]) -> Cell:
    """The cell in a folder: its layers, all names on the path to it, and its direction."""
    layers: list[str] = []
    within: list[str] = []
    reverse = False
    parents = folder.removesuffix("/vars").split("/")
    for k, parent in enumerate(parents):
        name = names.get("/".join([*parents[: k + 1], "vars"]), parent)
        # A direction is configured under the name of the layer, without its prefix.
        within += [name, name.removeprefix("forward_").removeprefix("backward_")]
        if parent.startswith(("forward_", "backward_")):
            reverse = parent.startswith("backward_")
            continue
        # Older files repeat the name of the outermost layer.
        is_repeated = layers == [name]
        # The last group is the layer's only cell, unless a layer has a stack of cells.
        is_last = k == len(parents) - 1
        is_in_stack = "cells" in parents[:k] or "stacked_rnn_cells" in parents[:k]
        is_only_cell = is_last and "cell" in parent and not is_in_stack
        if not is_repeated and parent not in CONTAINERS and not is_only_cell:
            layers.append(name)
    return Cell(tuple(layers), tuple(within), reverse, paths)


def _modules(cells: list[Cell]) -> dict[str, list[Cell]]:
    """The directions of each layer, by the layer's name."""
    modules: dict[str, list[Cell]] = {}
    for cell in cells:
        name = ".".join(cell.layers)
        if any(cell.reverse == other.reverse for other in modules.get(name, ())):
            # Layers with the same name are distinguished by their paths.
            name = cell.paths["kernel"].rpartition("/")[0].replace("/", ".")
        modules.setdefault(name, []).append(cell)
    return modules


class Part(NamedTuple):
    """A parameter that is computed from a tensor.

    Attributes:
        path: The path of the tensor.
        code: Python that computes it, with `{}` for the tensor.
        make: The function that computes it.
        shape: The shape of the parameter.
    """

    path: str
    code: str = "{}"
    make: Callable[[Array], Array] = np.asarray
    shape: tuple[int, ...] = ()

    def reading(self, opened: Opened) -> Callable[[], Array]:
        """A function that reads the parameter."""

        def read() -> Array:
            with opened() as file:
                return self.make(numbers(file[self.path]))

        return read


def _of_cudnn(matrix: Array) -> Array:
    """A matrix of a `CuDNNLSTM` in torch's layout."""
    gates = np.hsplit(matrix, 4)
    return np.concatenate([gate.reshape(gate.shape[::-1]) for gate in gates])


CUDNN = "numpy.concatenate([gate.reshape(gate.shape[::-1]) for gate in numpy.hsplit({}, 4)])"
"""Python that computes the same as `_of_cudnn`."""


def _parameters(cell: Cell, datasets: Datasets) -> dict[str, Part]:
    """The parameters of a cell, by the base of their names."""
    shapes = {part: datasets[path][0] for part, path in cell.paths.items()}
    rows = shapes["recurrent_kernel"][-1:]
    # Like torch, cuDNN has a bias for x and one for h.
    is_cudnn = bool(rows) and shapes.get("bias") == (2 * rows[0],)
    code, make = (CUDNN, _of_cudnn) if is_cudnn else ("{}.T", np.transpose)
    parameters = {
        base: Part(cell.paths[part], code=code, make=make, shape=shapes[part][::-1])
        for base, part in zip(("weight_ih", "weight_hh"), PARTS, strict=False)
    }
    if is_cudnn:
        path = cell.paths["bias"]
        parameters["bias_ih"] = Part(
            path, code="numpy.split({}, 2)[0]", make=lambda b: np.split(b, 2)[0], shape=rows
        )
        parameters["bias_hh"] = Part(
            path, code="numpy.split({}, 2)[1]", make=lambda b: np.split(b, 2)[1], shape=rows
        )
    elif "bias" in cell.paths:
        path, shape = cell.paths["bias"], shapes["bias"]
        parameters["bias_ih"] = Part(path, shape=shape)
        # Keras has only the sum of both biases.
        parameters["bias_hh"] = Part(
            path, code="numpy.zeros_like({})", make=np.zeros_like, shape=shape
        )
    return parameters


def _take_parameters(
    module: str, parts: Mapping[str, Part], datasets: Datasets, opened: Opened, loading: str
) -> dict[str, Stored]:
    """The parameters of a module; their tensors are removed from `datasets`."""
    prefix = f"{module}." if module else ""
    entries = []
    for key, part in parts.items():
        array = f"file[{text(part.path)}][()]"
        entries.append(f"        {text(key)}: {part.code.replace('{}', array)},")
    setup = "\n".join((loading, "    state = {", *entries, "    }"))
    location = Location(prefix=prefix, setup=setup)
    tensors = {}
    for key, part in parts.items():
        dtype = datasets[part.path][1]
        tensors[prefix + key] = Stored(
            part.shape, dtype, read=part.reading(opened), location=location
        )
    for part in parts.values():
        datasets.pop(part.path, None)
    return tensors


def _incompatible(config: Any, key: str) -> Iterator[tuple[str, str]]:
    """LSTMs that torch cannot reproduce, by name, each with the reason.

    Args:
        config: The configuration of the layers, or a part of it.
        key: The key of the part.
    """
    if isinstance(config, list):
        for part in config:
            yield from _incompatible(part, key)
    if not isinstance(config, dict):
        return
    layer_config = config.get("config")
    if config.get("class_name") in LAYERS and isinstance(layer_config, dict):
        name = str(layer_config.get("name", ""))
        for which, plain in FUNCTIONS.items():
            if layer_config.get(which, plain) != plain:
                yield name, f"has the {which} {quoted_name(str(layer_config[which]))}"
        if layer_config.get("go_backwards") is True and key != "backward_layer":
            yield name, "reads its steps only from the last to the first"
    for key, part in config.items():
        yield from _incompatible(part, key)
