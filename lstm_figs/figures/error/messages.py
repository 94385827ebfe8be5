"""All messages of PyTorch about a wrong use of an LSTM.

Each is a function of the sizes of a module, because messages contain them. The
tests cause each one in torch and compare the text.
"""

from collections.abc import Callable, Mapping
from typing import Literal

from . import inputs, losses, modules, packing, states
from .message import Message, Sizes

Name = Literal[
    "hidden-size",
    "cell-state",
    "batched-hx",
    "unbatched-hx",
    "h-alone",
    "cell-h-alone",
    "cell-batch",
    "hx-contiguous",
    "input-size",
    "four-axes",
    "empty-sequence",
    "cell-sequence",
    "cell-input-size",
    "dtype",
    "autocast",
    "device",
    "output-tuple",
    "cudnn-not-supported",
    "unsorted-lengths",
    "zero-length",
    "lengths-count",
    "lengths-device",
    "proj-size",
    "dropout",
    "projection",
    "backward-twice",
    "modified-inplace",
    "cudnn-eval",
    "missing-keys",
    "size-mismatch",
    "contiguous-chunk",
    "target-size",
    "nonfinite-norm",
]
"""The names of the messages, for the option `--message`."""

MESSAGES: Mapping[str, Callable[[Sizes], Message]] = {
    function.__name__.replace("_", "-"): function
    for function in (
        states.hidden_size,
        states.cell_state,
        states.batched_hx,
        states.unbatched_hx,
        states.h_alone,
        states.cell_h_alone,
        states.cell_batch,
        states.hx_contiguous,
        inputs.input_size,
        inputs.four_axes,
        inputs.empty_sequence,
        inputs.cell_sequence,
        inputs.cell_input_size,
        inputs.dtype,
        inputs.autocast,
        inputs.device,
        inputs.output_tuple,
        inputs.cudnn_not_supported,
        packing.unsorted_lengths,
        packing.zero_length,
        packing.lengths_count,
        packing.lengths_device,
        modules.proj_size,
        modules.dropout,
        modules.projection,
        modules.backward_twice,
        modules.modified_inplace,
        modules.cudnn_eval,
        modules.missing_keys,
        modules.size_mismatch,
        modules.contiguous_chunk,
        losses.target_size,
        losses.nonfinite_norm,
    )
}
"""Name of a message -> the function that makes it."""
