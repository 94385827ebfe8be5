"""What rows of long tables say beside what facts of their page hold."""

import re
from collections.abc import Callable

import torch
from torch.nn.functional import cross_entropy

from tests.site.conftest import ROOT
from tests.site.facts.common import OLDER, module, randn
from tests.site.facts.cost import is_mostly_what_backward_needs
from tests.site.facts.custom_cell import graphs
from tests.site.facts.errors import OTHERS, broadcast, refusal
from tests.site.facts.nan import (
    infinite_becomes_nan,
    makes_gradients_large,
    root_or_log_of_zero,
    spoiled,
)
from tests.site.facts.onnx_export import numbers_of_steps
from tests.site.facts.other_places import (
    has_fixed_steps_and_any_batch,
    keeps_int8_and_computes_in_float32,
    takes_all_in_torchscript,
    warns_of_a_release_that_is_out,
)
from tests.site.facts_of_pages import Fact, of_torch


def raised(*beginnings: str) -> bool:
    """Whether PyTorch says what begins so of what the page says goes wrong."""
    return all(
        any(sentence.startswith(f"`{beginning}") and ask() for sentence, ask in OTHERS)
        for beginning in beginnings
    )


def section_has(id: str, *words: str) -> Callable[[], bool]:
    """Whether a section of `other-places`, with its sources, has words."""

    def ask() -> bool:
        text = (ROOT / "docs" / "other-places.md").read_text(encoding="utf-8")
        below = text.split(f"{{ #{id} }}\n")[1]
        section, *_ = re.split(r"^## ", below, flags=re.MULTILINE)
        return all(word in section for word in words)

    return ask


def refused(words: str, call: Callable[[], object]) -> Callable[[], bool]:
    return lambda: words in refusal(call)


def is_lost_by_a_step(rate: float, clips: bool = False) -> bool:
    """Whether a step with a huge gradient makes the next loss no number."""
    number = torch.nn.Parameter(torch.ones(2))
    loss = (1e30 * number).sum()
    loss.backward()
    if clips:
        torch.nn.utils.clip_grad_norm_([number], 1.0)
    torch.optim.SGD([number], lr=rate).step()
    after = (number.square() - number.square().mean()).sum()
    return bool(loss.isfinite()) and not after.isfinite()


TABLES: dict[str, tuple[Fact, ...]] = {
    "errors": of_torch(
        ("| Message | What it is | What to do |", lambda: len(OTHERS) > 20),
        (
            "| `Expected input batch_size (1) to match target batch_size (0)` "
            "| Scores of one step, and its target as a bare number, as "
            "`target[t]` is | `target[t : t + 1]`, or [all steps and "
            "targets](#target-size) at once |",
            refused(
                "batch_size (1) to match target batch_size (0)",
                lambda: cross_entropy(randn(1, 6), torch.tensor(2)),
            ),
            lambda: cross_entropy(randn(1, 6), torch.arange(9)[2:3]) > 0,
        ),
        (
            "| `The size of tensor a (5) must match the size of tensor b (3) "
            "at non-singleton dimension 1`, `Target size … must be the same "
            "as input size` | Prediction and target, or whatever is added, "
            "have different shapes; in a cell of your own, products that "
            "differ in their bands | Print both; [an "
            "index](#target-broadcast) may be all that is missing; [each "
            "product has all bands](custom-cell.md#written-out), `4 * "
            "hidden_size`, or `3 * hidden_size` in a GRU |",
            lambda: raised("The size of tensor a (5) must match th"),
            broadcast,
        ),
        (
            "| `too many values to unpack (expected 2)`, `not enough values "
            "to unpack (expected 5, got 4)` | A tensor where a pair was "
            "expected, or a shape that has another number of axes than there "
            "are names for | Print its type and `.shape`: a batch of "
            "[videos](shapes.md#images) has axes for the frames too; `text, "
            "lengths = batch.text` of old torchtext wants `include_lengths` "
            "in its field, or [a `collate_fn` that keeps the "
            "lengths](packed.md#collate) |",
            lambda: raised(
                "too many values to unpack (expected 2)", "not enough values to unpack (expected "
            ),
        ),
        (
            "| `forward() missing 1 required positional argument: 'device'`, "
            "or another name | The `forward` of your model asks for more than "
            "it is given | Hand it over, as in training; a device is better "
            "taken from the input, `x.device` |",
            refused("missing 1 required positional argument", lambda: torch.nn.Linear(3, 2)()),
        ),
        (
            "| `CUDA out of memory` | More than the GPU has, most of it kept "
            "for `backward` | See whether it [grows with each "
            "call](chunks.md#memory); if not, [a smaller batch or shorter "
            "chunks](cost.md#how-to-make-it-smaller), and `no_grad` where "
            "nothing is trained |",
            is_mostly_what_backward_needs,
            lambda: not torch.no_grad()(module(3, 2))(randn(4, 3))[0].requires_grad,
        ),
        (
            "| Then | Now | | --- | --- | | `input must have 3 dimensions, "
            "got 2` | No error: it is read as [one sequence without a "
            "batch](shapes.md#without-a-batch). If it is a batch, add the "
            "axis that is missing: `x[None]` makes (batch, features) one "
            "step; `x[..., None]` makes of (batch, steps) steps with one "
            "feature, for `batch_first=True` |",
            lambda: module(3, 2)(randn(4, 3))[0].shape == (4, 2),
            lambda: randn(4, 3)[None].shape == (1, 4, 3),
            lambda: randn(4, 3)[..., None].shape == (4, 3, 1),
        ),
        (
            "| `size mismatch, m1: [20 x 4], m2: [2 x 1]` | [`mat1 and mat2 "
            "shapes cannot be multiplied`](#matrix-shapes) |",
            refused(
                "mat1 and mat2 shapes cannot be multiplied",
                lambda: torch.nn.Linear(2, 1)(randn(20, 4)),
            ),
        ),
        (
            "| `matrices expected, got 3D, 2D tensors` | No error: "
            "`nn.Linear` takes any number of axes |",
            lambda: torch.nn.Linear(3, 2)(randn(4, 5, 6, 3)).shape == (4, 5, 6, 2),
        ),
        (
            "| `inconsistent tensor sizes` | [`Expected hidden[0] "
            "size`](#hidden-size), or `The size of tensor a must match …` "
            "[above](#others) |",
            refused(
                "Expected hidden[0] size",
                lambda: module(3, 2)(randn(4, 5, 3), (randn(1, 4, 2),) * 2),
            ),
            refused("The size of tensor a", lambda: randn(2) + randn(3)),
        ),
        (
            "| `input and target shapes do not match: input [10 x 1], target "
            "[1 x 10 x 1]` | [A warning](#target-broadcast), and a wrong "
            "loss: leave out the `view` before `nn.Linear`, which keeps steps "
            "and batch as they are |",
            broadcast,
        ),
        (
            "| `dimension specified as 0 but tensor has no dimensions`, from "
            "a loss | `Expected input batch_size (1) to match target "
            "batch_size (0)` [above](#others) |",
            refused(
                "batch_size (1) to match target batch_size (0)",
                lambda: cross_entropy(randn(1, 6), torch.tensor(2)),
            ),
        ),
        (
            "| `Expected object of scalar type Float but got scalar type "
            "Double`, `Expected object of type torch.FloatTensor but found "
            "type torch.DoubleTensor` | [`mat1 and mat2 must have the same "
            "dtype`](#half) |",
            refused(
                "must have the same dtype", lambda: torch.nn.Linear(3, 2)(randn(4, 3).double())
            ),
        ),
        (
            "| `Expected object of backend CUDA but got backend CPU`, "
            "`Expected object of device type cuda but got device type cpu`, "
            "`… type torch.cuda.FloatTensor but found type torch.FloatTensor` "
            "| `Expected all tensors to be on the same device`: [something is "
            "still on the CPU](#device) |",
            refused("are not at the same device", lambda: module(3, 2)(randn(4, 3).to("meta"))),
        ),
        (
            "| `multi-target not supported` | [`0D or 1D target tensor expected`](#multi-target) |",
            refused(
                "0D or 1D target tensor expected",
                lambda: cross_entropy(randn(4, 6), torch.zeros(4, 1).long()),
            ),
        ),
        (
            "| `type object 'torch._C._VariableFunctions' has no attribute "
            "'lstm'` | Python files of one release beside the library of "
            "another: install PyTorch anew, in an environment of its own |",
            lambda: hasattr(torch._C._VariableFunctions, "lstm"),
        ),
        (
            "| `save_for_backward can only save input or output tensors`, and "
            "all that speaks of `Variable` or `volatile` | A tensor needs no "
            "wrapper any more, and `volatile` is `torch.no_grad()` |",
            lambda: type(torch.autograd.Variable(randn(1))) is torch.Tensor,
        ),
    ),
    "nan": of_torch(
        (
            "| Cause | How to see it | What to do | | --- | --- | --- | | A "
            "NaN in the data, such as a missing value | "
            "`torch.isfinite(x).all()` is false | Fill the gap, and add a "
            "feature that says where there was one |",
            lambda: spoiled()[0] == [False, True, True, True],
        ),
        (
            "| The logarithm or root of zero in the loss | It happens when a "
            "prediction is exactly right or certain | Use `cross_entropy` or "
            "`binary_cross_entropy_with_logits`, which take logits |",
            root_or_log_of_zero,
            lambda: torch.nn.functional.binary_cross_entropy_with_logits(
                randn(3) * 999, torch.ones(3)
            ).isfinite(),
        ),
        (
            "| One huge gradient has ruined the weights | The loss is fine, "
            "and NaN after the next step | Clip, or lower the learning rate |",
            lambda: is_lost_by_a_step(1.0) and not is_lost_by_a_step(1e-30),
            lambda: not is_lost_by_a_step(1.0, clips=True),
        ),
        (
            "| A norm, a logarithm, an `exp` or a learned variance in a cell "
            "or wrapper of your own | With `nn.LSTM` in its place all is well "
            "| Begin with [small weights](forget-bias.md#initialization); "
            "keep what is divided by away from zero. A norm of numbers that "
            "are all alike, as a first state of zeros, divides by next to "
            "nothing, and so makes gradients large |",
            makes_gradients_large,
        ),
        (
            "| `float16` overflows, because its largest number is 65504 | In "
            "`float32` all is well | Use `bfloat16`; a "
            "[`GradScaler`](#mixed-precision) helps only if it is the "
            "gradients that are too small or too large |",
            lambda: torch.finfo(torch.float16).max == 65504,
            lambda: torch.tensor(7e4).half().isinf() and torch.finfo(torch.bfloat16).max > 7e4,
            infinite_becomes_nan,
        ),
    ),
    "other-places": of_torch(
        (
            "| Place | What works | What to watch | | --- | --- | --- | | "
            "[`int8` on a CPU](#quantization) | `quantize_dynamic`, for any "
            "layers and directions | It skips a bare `nn.LSTM`; no "
            "`proj_size`; it is going away |",
            keeps_int8_and_computes_in_float32,
            warns_of_a_release_that_is_out,
        ),
        (
            "| [`torch.export`](#torch-export) | Any batch | The number of "
            "steps is fixed; no packed sequences; one tensor for `h` and `c` "
            "becomes one input |",
            has_fixed_steps_and_any_batch,
        ),
        (
            "| [TorchScript](#torchscript) | Any batch and any number of "
            "steps, packed too | Deprecated |",
            takes_all_in_torchscript,
            section_has("torchscript", "deprecated"),
        ),
        (
            "| [`torch.compile`](#torch-compile) | What stands around the "
            "LSTM | The LSTM itself is left out |",
            section_has("torch-compile", "It leaves `nn.LSTM` out"),
            lambda: graphs("Tagger") <= graphs("CompiledTagger"),
        ),
        (
            "| [ONNX](onnx-export.md) | Any batch | The number of steps is "
            "fixed by the newer exporter |",
            lambda: numbers_of_steps() == ["5", "9"][: 1 if OLDER else 2],
        ),
        (
            "| [Core ML](#core-ml) | A traced module, several layers and "
            "directions | Half precision by default; no `proj_size` |",
            section_has(
                "core-ml",
                "jit.trace",
                "several layers, both directions",
                "half by default",
                "`proj_size` fails",
            ),
        ),
        (
            "| [TFLite, LiteRT](#tflite) | Several layers and directions, "
            "`proj_size` | The number of steps is fixed, and another one is "
            "cut without an error |",
            section_has("tflite", "num_layers=2, bidirectional=True", "proj_size"),
        ),
        (
            "| [C++](#cpp) | A scripted module, with its state | Integers where it wants `float` |",
            section_has(
                "cpp", "scripted.save", "hands the state on", "makes integers of an integer"
            ),
        ),
        (
            "| [MPS](#mps) | `nn.LSTM` on a Mac's GPU | Wrong numbers in "
            "older releases: compare with the CPU |",
            section_has("mps", "for years it was wrong in some cases", "**Compare with the CPU**"),
        ),
        (
            "| [ROCm](#rocm) | `nn.LSTM` on an AMD GPU | Wrong numbers with "
            "large batches: compare with the CPU |",
            section_has(
                "rocm", "MIOpen runs `nn.LSTM`", "with large batches", "**Compare with the CPU**"
            ),
        ),
        (
            "| [Several GPUs](#several-gpus) | `DistributedDataParallel` | "
            "`DataParallel` cuts a state along its layers |",
            section_has("several-gpus", "With `DistributedDataParallel`"),
            lambda: randn(2, 6, 4).chunk(2)[0].shape == (1, 6, 4),
        ),
    ),
}
"""What pages say in tables."""
