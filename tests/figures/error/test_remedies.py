"""Run the fix of each error message: it does not fail, and it helps."""

import re

import pytest
import torch
from torch.nn.utils.rnn import pack_padded_sequence

import lstm_figs
from lstm_figs.figures.error.message import sizes_of
from lstm_figs.figures.error.messages import MESSAGES
from lstm_figs.model.layer_run import LayerRun
from lstm_figs.sources import Source
from tests.figures import run_preamble

CODE = re.compile(r"[\w.]+(?:\((?:[^()]|\([^()]*\))*\)|\[[^]]*\])|\w+ ?= ?\w+")
"""A call, an index or an argument in a sentence, with at most one pair of nested
brackets.
"""

# Each holds the codes of the fix as the message prints them, so it first gives the
# names of the message's set-up, such as `x_wrong`, the names in the fix, such as `x`.
REMEDIES = {
    "cell-state": "hidden = lstm(x)[1]\n"
    "assert hidden[0] is not hidden[1]\n"
    "h, c = hidden\n"
    "assert c.shape[-1] == lstm.hidden_size == h.shape[-1]",
    "batched-hx": "h, c = h_0_wrong, c_0_wrong\nlstm(x, (h.unsqueeze(0), c.unsqueeze(0)))",
    "unbatched-hx": "x, h, c = x_wrong, h_0_wrong, c_0_wrong\n"
    "assert len(lstm(x.unsqueeze(1), (h, c))[0]) == len(x)\n"
    "lstm(x, (h[:, 0], c[:, 0]))",
    "h-alone": "c = h\n"
    "lstm(x, (h, c))\n"
    "h = x.new_zeros(2, 1, lstm.hidden_size)\n"
    "two = nn.LSTM(lstm.input_size, lstm.hidden_size, 2, dtype=x.dtype)\n"
    "with raises(RuntimeError, match='3-D'): two(x, h)",
    "cell-h-alone": "x, c = x[0], h\ncell(x, (h, c))",
    "cell-batch": "x = x[0]\nh = c = x.new_zeros(len(x), cell.hidden_size)\ncell(x, (h, c))",
    "hx-contiguous": "h = h_0_wrong\nassert h.contiguous().is_contiguous()",
    "four-axes": "x = x_wrong\nlstm(x.flatten(2))",
    "cell-sequence": "h = c = x.new_zeros(x.shape[1], cell.hidden_size)\n"
    "for x_t in x: h, c = cell(x_t, (h, c))",
    "dtype": "x = x_wrong\nlstm(x.to(lstm.weight_ih_l0.dtype))",
    "autocast": 'with torch.autocast("cpu", torch.bfloat16):\n'
    '    with torch.autocast("cpu", enabled=False): lstm(x.float())',
    "device": 'device = "cpu"\nlstm.to(device)(x.to(device))',
    "output-tuple": "output, (h_n, c_n) = lstm(x)\nlinear(output)",
    "cudnn-not-supported": "x = x_wrong\n"
    "assert not x.is_contiguous() and x.contiguous().is_contiguous()",
    "unsorted-lengths": "pack(padded, lengths, enforce_sorted=False)",
    "lengths-count": "pack(x.transpose(0, 1), right, batch_first=True)",
    "lengths-device": "lengths = right\npack(padded, lengths.cpu())",
    "backward-twice": "_, (h, c) = lstm(x)\nlstm(x, (h.detach(), c.detach()))[0].sum().backward()",
    "modified-inplace": "h, c = state\n"
    "lstm(x, (h.detach(), c.detach()))[0].sum().backward(retain_graph=True)",
    "cudnn-eval": "lstm.train()\nlstm.dropout = 0\nlstm(x)",
    "missing-keys": "cell, lstm = from_cell, to_lstm\n"
    "lstm.load_state_dict("
    '{f"{k}_l0": v for k, v in cell.state_dict().items()})',
    "contiguous-chunk": "lstm.flatten_parameters()",
    "target-size": "cross_entropy = torch.nn.functional.cross_entropy\n"
    "cross_entropy(logits.flatten(0, 1), targets.flatten())",
    "nonfinite-norm": "x = x_wrong\nassert not torch.isfinite(x).all()",
}
"""Message -> code that applies its fix."""


@pytest.mark.parametrize("name", MESSAGES)
def test_what_a_message_advises_can_be_written_and_helps(name):
    advice = MESSAGES[name](sizes_of(LayerRun(Source().trace(), is_full_module=True))).fix
    codes, written = CODE.findall(advice), REMEDIES.get(name, "")
    assert all(code in written for code in codes), (codes, written)
    assert bool(codes) == (name in REMEDIES)
    names = run_preamble(
        lstm_figs.draw("error", message=name),
        nn=torch.nn,
        pack=pack_padded_sequence,
        raises=pytest.raises,
    )
    exec(written, names)
