"""Make a module and an input with torch, from sizes and a seed."""

from ..model.arguments import ModuleArguments
from ..model.origin import Statement
from ..model.tensors import signature
from ..proof.literals import dtype
from .loaded import LoadedModule


def seeded(module: ModuleArguments, seed: int, seq_len: int, batch_size: int) -> LoadedModule:
    """Seed torch, then make the module, then the input.

    Raises:
        MissingTool: If torch is not installed.
        UsageError: If the sizes together are too large.
    """
    module.check_memory(seq_len, batch_size)
    # Imported here, because it imports torch.
    from ..capture import seeded as seeded_in_torch

    seeded_module = seeded_in_torch(module, seed, seq_len, batch_size)
    sizes = f"{seq_len}, {batch_size}, {module.input_size}"
    return LoadedModule(
        stack=seeded_module.stack,
        setup=f"torch.manual_seed({seed})\n"
        f"lstm = torch.nn.{signature(seeded_module.stack, 'LSTM')}",
        x=seeded_module.x,
        input_setup=f"x = torch.randn({sizes}{dtype(seeded_module.x)})",
        label=Statement("Seed {}", ((seed, str(seed)),)),
        torch=seeded_module.torch,
    )
