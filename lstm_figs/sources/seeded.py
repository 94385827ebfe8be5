"""A module and an input from sizes and a seed, as torch makes them."""

from ..model.form import Form
from ..model.origin import Told
from ..model.tensors import signature
from ..proof.literals import dtype
from .made import Made


def seeded(form: Form, seed: int, seq_len: int, batch_size: int) -> Made:
    """Seed torch, then make the module, then the input.

    Raises:
        MissingTool: If torch is not installed.
        UsageError: If the sizes together are too large.
    """
    form.check_memory(seq_len, batch_size)
    from ..capture import seeded

    made = seeded(form, seed, seq_len, batch_size)
    sizes = f"{seq_len}, {batch_size}, {form.input_size}"
    return Made(
        stack=made.stack,
        setup=f"torch.manual_seed({seed})\nlstm = torch.nn.{signature(made.stack, 'LSTM')}",
        x=made.x,
        read=f"x = torch.randn({sizes}{dtype(made.x)})",
        label=Told("Seed {}", ((seed, str(seed)),)),
        torch=made.torch,
    )
