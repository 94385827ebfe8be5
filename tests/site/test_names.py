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


CODE_LIST = r"`[^`]+`(?:(?:,| of| or| and|, and|, or to) `[^`]+`)*"

IN_FILE = re.compile(
    rf"({CODE_LIST})(?: header)? \(?(?:in|from) `([\w./]+)`"
    rf"|In `(?P<path>[\w./]+\.\w+)`, [^`.]*(?P<names>{CODE_LIST})"
)
"""Names and the file that has them, in both orders."""

FILES = {
    f"/{path.relative_to(ROOT)}": path.read_text("utf-8")
    for pattern in (
        "*",
        ".ci/*",
        ".github/**/*",
        "docs/*",
        "lstm_figs/**/*",
        "scripts/*",
        "tests/**/*",
    )
    for path in ROOT.glob(pattern)
    if path.suffix in {"", ".cff", ".js", ".md", ".py", ".toml", ".txt", ".yml"} and path.is_file()
}
"""Path of a file of the project -> its text."""

EXAMPLE = re.compile("PAGE|still|NAME|OPTIONS|moved_i")
"""What names of an example contain."""


def texts_of(path):
    return [text for name, text in FILES.items() if name.endswith(f"/{path}")]


def is_defined(word, text):
    """Whether a line of a text begins with a name, but is not part of an import."""
    word = re.escape(word)
    return re.search(
        rf'^\s*(?:[a-z]+ )*\W?{word}(?!,$)\W|"{word}[">]|\({word}\):', text, re.MULTILINE
    )


@pytest.mark.parametrize("name", DEVELOPER_PAGES)
def test_a_name_of_the_project_is_in_the_file_that_a_page_says(name):
    code = "".join(text for path, text in FILES.items() if not path.startswith("/docs/"))
    names = {*WORD.findall(code)}
    unknown = []
    for match in CODE.finditer(page(name).prose):
        words = match[0].strip("`")
        if re.fullmatch(r"(?:[\w.]+/)*\w+\.(?:py|txt|js|md|yml|toml)|[\w.]+/[\w./]+", words):
            is_folder = any((base / words).is_dir() for base in (ROOT, ROOT / "lstm_figs"))
            unknown += [words] * (texts_of(words) == [] and not is_folder)
        else:
            unknown += {*WORD.findall(words)} - names
    for *pair, path, names_in in IN_FILE.findall(page(name).prose):
        chain, file = pair if any(pair) else (names_in, path)
        unknown += [
            f"{word} in {file}"
            for word in re.findall(r"`([\w-]+)[`(]", chain)
            if not any(is_defined(word, text) for text in texts_of(file))
        ]
    assert [words for words in unknown if not EXAMPLE.search(words)] == []
