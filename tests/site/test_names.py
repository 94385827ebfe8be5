"""Names in sentences of pages exist in PyTorch or in a listing."""

import builtins
import inspect
import re
from functools import cache

import pytest
import torch
import torch.nn.utils.prune
from torch import nn

from tests.doc_scripts import CODE as LISTINGS
from tests.doc_scripts import source
from tests.site.conftest import ROOT
from tests.site.facts import FACTS
from tests.site.facts_of_pages import CODE, FENCE, page
from tests.site.test_words import DEVELOPER_PAGES

NAMESPACES = (
    *(builtins, torch, torch.Tensor, nn, nn.functional, nn.parallel, nn.utils, nn.GRU),
    *(torch.autograd, torch.backends, torch.backends.cpu, type(torch.backends.quantized)),
    *(torch.cuda, torch.testing, torch.export.ExportedProgram),
)
"""Modules and classes in which names of PyTorch and Python are searched."""

FOREIGN_NAMES = {
    name
    for names in (
        "BatchNorm Double Half BFloat16 _orig _mask _orig_mod TracingCheckError _backend",
        "_data_ptrs _thnn_fused_lstm_cell _thnn_fused_lstm_cell_backward",
        # cuDNN, cuBLAS, CUDA, MIOpen, and engines that multiply int8
        "CUDNN_STATUS_BAD_PARAM CUDNN_STATUS_EXECUTION_FAILED CUDNN_STATUS_INTERNAL_ERROR",
        "CUBLAS_WORKSPACE_CONFIG CUBLAS_STATUS_EXECUTION_FAILED miopenStatusUnknownError x86",
        "fbgemm qnnpack AVX2",
        # Keras, TensorFlow, Theano, Flax and OpenVINO
        "pad_sequences RepeatVector initial_state return_state mask_zero use_cudnn fit",
        "hard_sigmoid recurrent_activation units Bidirectional",
        "forward_layer backward_layer scan nnx MakeStateful",
        # Libraries around PyTorch
        "truncated_bptt_steps include_lengths BPTTIterator DPLSTM TfidfVectorizer",
        "InputXGradient LayerIntegratedGradients torchsummary torchinfo summary attention_mask",
        "last_hidden_state WeightDrop _raw Int8WeightOnlyConfig quantize_ DeepExplainer",
        # This package, and what a reader has
        "dark edited tokens",
        "lstm_figs W_l0 cell_l0 cell_l0_reverse c_prev onnx svg ids abcd efgh ijkl",
    )
    for name in names.split()
}
"""Names in pages that are neither of PyTorch nor of Python."""

WORD = re.compile(r"[A-Za-z_]\w+")
NAME_OR_CALL = re.compile(r"`([A-Za-z_][\w.]*)(?:\((.*)\))?`")
"""Code that is a dotted name, with arguments if it is called."""


@cache
def torch_names():
    """Names in PyTorch, and words in the signatures of its sequence functions."""
    # Its names have all suffixes and parts.
    state = nn.LSTM(3, 2, 2, bidirectional=True, proj_size=1).state_dict()
    data = torch.utils.data.DataLoader
    sources = map(inspect.getsource, (nn.modules.rnn, nn.utils.rnn, data))
    return frozenset(
        [
            *(name for space in NAMESPACES for name in dir(space)),
            *state,
            # `weight_ih` and `_l0`
            *(part for name in state for part in re.split("(?=_l\\d)", name)),
            *(name for text in sources for name in WORD.findall(text)),
        ]
    )


def listing_names(page):
    """Names in the listings of a page, and in scripts that it mentions."""
    code = FENCE.findall(page.text)
    names = set(re.findall(r"code/(\w+)\.(?:py|json)", page.text))
    paths = (LISTINGS / f"{name}.py" for name in names)
    code += [path.read_text("utf-8") for path in paths if path.exists()]
    return names | set(WORD.findall("".join(code)))


def unknown_names(page):
    names = []
    for code in CODE.finditer(page.prose):
        if match := NAME_OR_CALL.fullmatch(code[0]):
            dotted_name, arguments = match.groups()
            keywords = re.findall(r"\b([A-Za-z_]\w+)=", arguments or "")
            names += [*WORD.findall(dotted_name), *keywords]
    return sorted({*names} - torch_names() - listing_names(page) - {*FOREIGN_NAMES})


@pytest.mark.parametrize("name", sorted({*FACTS} - {*DEVELOPER_PAGES}))
def test_a_name_in_a_sentence_is_of_torch_or_of_a_listing(name):
    assert unknown_names(page(name)) == []


def test_each_name_of_another_library_is_on_a_page():
    all_text = "".join(map(source, FACTS))
    assert [name for name in FOREIGN_NAMES if name not in all_text] == []


NAMES_IN_FILE = re.compile(
    r"(?:In `(?P<path>[\w./]+\.\w+)`, [^`.]*)?"
    r"(?P<names>`[^`]+`(?:(?:,| of| or| and|, and|, or to) `[^`]+`)*)"
    r"(?(path)| \(?(?:in|from) `(?P<file>[\w./]+)`)"
)


@pytest.mark.parametrize("name", DEVELOPER_PAGES)
def test_a_name_of_the_project_is_in_the_file_that_a_page_says(name):
    def found(path):
        return [
            *ROOT.glob(path),
            *ROOT.glob(f"lstm_figs/**/{path}"),
            *ROOT.glob(f"tests/**/{path}"),
        ]

    prose = page(name).prose
    paths = re.findall(r"`((?:[\w.]+/)+[\w.]+)`", prose)
    assert [p for p in paths if not re.search("PAGE|still", p) and not found(p)] == []
    for match in NAMES_IN_FILE.finditer(prose):
        file = match["path"] or match["file"]
        text = "\n".join(path.read_text("utf-8") for path in found(file))
        for word in re.findall(r"`([\w-]+)[`(]", match["names"]):
            # At the start of a line, but not in an import; a string; or a base class.
            own = rf'^\s*(?:[a-z]+ )*\W?{word}(?!,$)\W|"{word}[">]|\({word}\):'
            assert re.search(own, text, re.MULTILINE), f"{word} in {file}"
