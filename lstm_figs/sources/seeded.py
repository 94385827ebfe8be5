"""A module and an input from sizes and a seed, as torch makes them."""

from .made import Made


def seeded(
    input_size: int, hidden_size: int, seed: int, seq_len: int, batch_size: int
) -> Made:
    """Seed torch, then make the module, then the input.

    Raises:
        MissingTool: If torch is not installed.
    """
    from ..capture import seeded

    made = seeded(input_size, hidden_size, seed, seq_len, batch_size)
    return Made(
        stack=(made.weights,),
        setup=f"torch.manual_seed({seed})\n"
        f"lstm = torch.nn.LSTM({input_size}, {hidden_size})",
        x=made.x,
        read=f"x = torch.randn({seq_len}, {batch_size}, {input_size})",
        label=f"Seed {seed}",
        torch=made.torch,
    )
