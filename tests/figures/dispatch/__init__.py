from typing import get_args

from lstm_figs.figures.dispatch.call_table import OPERATORS
from lstm_figs.model.calls import WORDS, Call

TENSOR_AXES = {"called": ("call",)}
"""Each way to call a module has its key, as in `called["float64"]`."""

MACHINE_SPECIFIC = ("is_acceptable(", "is_mps", "is_cuda", "mkldnn_rnn_layer")
"""Claims with these would be false on some machines."""

NEEDS_ONEDNN = True
"""Without oneDNN, PyTorch's own code runs every call."""

SYMBOLS = {"called": ("calls",)}

VARIANTS = (
    *(f"--call {name}" for name in get_args(Call)[1:]),
    "--call packed --seq-len 1",
    "--input-size 3 --hidden-size 2 --bidirectional --call packed",
)

CALLED_OPERATORS = "[*called.values()][0]"
IS_ONEDNN = f"'mkldnn_rnn_layer' in {CALLED_OPERATORS}"
IS_CELL = "'LSTMCell' in repr(module)"

DESCRIPTION_CLAUSES = (
    f"{{='nn.' + repr(module)}}, {{='1 step' if {IS_CELL} else '-'}}",
    *(
        f"{{='nn.' + repr(module)}}{words}, {{len(zeros)}} step{s}"
        for words in dict.fromkeys(WORDS.values())
        for s in ("s", "")
    ),
    "asked in order",
    *(
        f"{name}: {{='no, on a CPU' if not {of} else 'runs this call'}}"
        for name, of in (
            ("cuDNN", "torch.backends.cudnn.is_acceptable(zeros)"),
            ("MPS", "zeros.is_mps"),
            ("MIOpen", "zeros.is_cuda"),
            ("CUDA kernel", "zeros.is_cuda"),
        )
    ),
    *(
        f"oneDNN: {{='runs this call' if {IS_ONEDNN} else {reason!r}}}"
        for reason in (
            "no, float64",
            "no, switched off",
            "no, lengths differ",
            "no, projection",
            "no, not built in",
        )
    ),
    f"native: {{='not reached' if {IS_ONEDNN} else 'runs this call'}}",
    "aten::lstm calls",
    "aten::lstm_cell calls",
    *(f"{name} {{{CALLED_OPERATORS}.count('{name}')}}" for name in OPERATORS),
)
