"""Compare the real libraries with the module, in both directions.

The Python of the page about porting is run with them too.
"""

import re
from itertools import product
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
import torch

from lstm_figs.model.tensors import Weights
from lstm_figs.porting import TARGETS
from lstm_figs.sources.load import read_weights, survey, weights
from tests.doc_scripts import python, source

SCRIPT = Path(__file__).with_name("run_libraries.py")
SECTIONS = {
    section.partition("\n")[0]: code.group(1)
    for section in source("porting").split("\n## ")
    if (code := re.search(r"```python\n(.*?)```", section, re.DOTALL))
}

KERAS_OPTIONS = "Keras: `implementation` and `recurrent_dropout` { #keras-options }"


class Sizes(NamedTuple):
    input_size: int
    hidden_size: int
    num_layers: int = 1
    bidirectional: bool = False
    bias: bool = True


CASES = [
    Sizes(3, 2),
    Sizes(1, 1, bidirectional=True),
    Sizes(2, 5, num_layers=2),
    Sizes(5, 4, num_layers=2, bidirectional=True),
    Sizes(3, 4, num_layers=2, bidirectional=True, bias=False),
]


def seeded_lstm(sizes, seed=0):
    torch.manual_seed(seed)
    module = torch.nn.LSTM(**sizes._asdict())
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_()
    return module


def stack_of(module):
    """The tensors of a module, by layer and direction."""
    named = {n: p.detach().numpy() for n, p in module.named_parameters()}
    stack = []
    directions = ("forward", "reverse") if module.bidirectional else ("forward",)
    for layer, direction in product(range(module.num_layers), directions):
        suffix = f"_l{layer}_reverse" if direction == "reverse" else f"_l{layer}"
        parameters = {n.removesuffix(suffix): a for n, a in named.items() if n.endswith(suffix)}
        stack.append(Weights(**parameters, layer=layer, direction=direction))
    return stack


def load_stack(module, stack):
    """Copy tensors into a module, with zeros as missing biases."""
    state = {name: torch.zeros(p.shape) for name, p in module.named_parameters()}
    for layer in stack:
        for name, array in layer.parameters().items():
            state[name + layer.suffix] = torch.from_numpy(array.copy())
    module.load_state_dict(state)
    return module


def with_wrong_order(code):
    """The code of a section with a wrong order of gates."""
    # The order in a list (ONNX, OpenVINO) or in a string (Flax), or the transposed rows (Keras).
    changed, count = re.subn(
        r"(\[(?:i, o, f, g|f, i, g, o)\])|\"ifgo\", tensor|\.T$",
        lambda match: {".": ".T.flip(1)", '"': '"figo", tensor'}.get(match[0][0], "[g, f, i, o]"),
        code,
        count=1,
        flags=re.MULTILINE,
    )
    assert count == 1
    return changed


@pytest.fixture(scope="module")
def library_run(request, tmp_path_factory):
    """The folder where a library ran, and torch's output for each file.

    One process runs all cases of a library, because importing it takes longest.
    """
    library, expected = request.param, {}
    folder = tmp_path_factory.mktemp(library)
    (code,) = (SECTIONS[s] for s in SECTIONS if s.lower() == library)
    (folder / "right.py").write_text(code, "utf-8")
    (folder / "wrong.py").write_text(with_wrong_order(code), "utf-8")
    if library == "keras":
        (folder / "options.py").write_text(SECTIONS[KERAS_OPTIONS], "utf-8")

    def put(name, tensors, module, x):
        np.savez(folder / f"{name}.npz", x=x.numpy(), **tensors)
        expected[name] = module(x)[0].detach().numpy()

    random = np.random.RandomState(0)
    for k, sizes in enumerate(CASES):
        module = seeded_lstm(sizes, seed=k)
        x = torch.randn(4, 2, sizes.input_size)
        ported = TARGETS[library].to_target(stack_of(module))
        random_tensors = {
            name: random.standard_normal(a.shape).astype(np.float32) for name, a in ported.items()
        }
        stack = TARGETS[library].to_pytorch(random_tensors)
        put(f"{library}-{k}-to", ported, module, x)
        back = load_stack(seeded_lstm(sizes._replace(bias=True), seed=k), stack)
        put(f"{library}-{k}-from", random_tensors, back, x)
    if library == "flax":
        module = seeded_lstm(Sizes(3, 2))
        tensors = TARGETS["keras"].to_target(stack_of(module))
        put("nnx", tensors, module, torch.randn(4, 2, 3))
    python(SCRIPT, folder)
    return folder, expected


def library(name):
    """A library; all but onnxruntime take seconds to import."""
    marks = () if name == "onnx" else pytest.mark.thorough
    return pytest.param(name, marks=marks)


every_library = pytest.mark.parametrize("library_run", [*map(library, TARGETS)], indirect=True)


@every_library
def test_a_library_and_torch_compute_the_same_from_tensors_of_either(library_run):
    folder, expected = library_run
    assert len(expected) >= 2 * len(CASES)
    for name, output in expected.items():
        got = np.load(folder / f"{name}.npy")
        np.testing.assert_allclose(got, output, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("library_run", [library("keras")], indirect=True)
@pytest.mark.parametrize("suffix", [".keras", ".h5", ".weights.h5"])
def test_what_keras_saves_is_read_with_the_numbers_that_it_yields(library_run, suffix):
    folder, _ = library_run
    for k, sizes in enumerate(CASES):
        stem = folder / f"keras-{k}-to"
        with np.load(f"{stem}.npz") as arrays:
            x = torch.from_numpy(arrays["x"])
        checkpoint = read_weights(f"{stem}{suffix}")
        for module_info in survey(checkpoint).lstms:
            assert module_info.bias == sizes.bias
            module = torch.nn.LSTM(x.shape[2], sizes.hidden_size, bidirectional=sizes.bidirectional)
            x = load_stack(module, weights(checkpoint, module_info))(x)[0]
        assert len(survey(checkpoint).lstms) == sizes.num_layers
        np.testing.assert_allclose(x.detach(), np.load(f"{stem}.npy"), atol=1e-6)


def test_every_library_has_a_section_with_code():
    assert list(SECTIONS) == ["Keras", KERAS_OPTIONS, "ONNX", "Flax", "OpenVINO"]


@every_library
def test_the_code_of_a_section_ports_the_weights(library_run):
    folder, _ = library_run
    # With a wrong order of gates, the comparison at the end fails.
    failed = {path.stem: path.read_text() for path in folder.glob("*.txt")}
    assert [*failed] == ["wrong"], failed
