"""With `--processor`, tests and processes they start run as on that processor.

Each run with `--processor` checks this in the process that runs the tests.
"""

import ast
import subprocess
import sys

from tests.processor import has_onednn

PROBE = """
import torch

lstm, x = torch.nn.LSTM(3, 2), torch.zeros(4, 1, 3)
single, half = lstm(x)[0], lstm.bfloat16()(x.bfloat16())[0]
can = {
    "AVX-512": "AVX512" in torch.backends.cpu.get_cpu_capability(),
    "oneDNN": "Mkldnn" in single.grad_fn.name(),
    "bfloat16 in oneDNN": "Mkldnn" in half.grad_fn.name(),
    "FBGEMM": torch.backends.quantized.engine in ("x86", "fbgemm"),
}
"""
MISSING_ABILITIES = {
    "avx2": {"AVX-512", "bfloat16 in oneDNN"},
    "no-onednn": {"oneDNN", "bfloat16 in oneDNN"},
    "qnnpack": {"oneDNN", "bfloat16 in oneDNN", "FBGEMM"},
}
"""Processor -> what it lacks."""


def test_a_program_that_a_test_starts_has_the_same_processor(request):
    names = {}
    exec(PROBE, names)
    output = subprocess.check_output([sys.executable, "-c", f"{PROBE}print(can)"], text=True)
    assert names["can"] == ast.literal_eval(output)
    assert names["can"]["oneDNN"] == has_onednn()
    lacks = MISSING_ABILITIES.get(request.config.getoption("processor"), ())
    assert {ability for ability in lacks if names["can"][ability]} == set()
