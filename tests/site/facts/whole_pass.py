"""What `whole-pass` quotes."""

import torch

from tests.site.facts.common import EQUATIONS, text
from tests.site.facts_of_pages import network, of_torch


def hands_everything_to_an_operator() -> bool:
    """Whether the module's Python has no gate, and calls `_VF.lstm`."""
    names = {*torch.nn.LSTM.forward.__code__.co_names}
    return {"_VF", "lstm"} <= names and not names & {"sigmoid", "tanh", "chunk"}


FACTS = (
    *of_torch(
        (
            "You will not find these lines in PyTorch's Python. `nn.LSTM` "
            "hands everything to one operator,",
            hands_everything_to_an_operator,
        )
    ),
    *network(
        "data-flow",
        ("{:Word} equations, one loop", EQUATIONS),
        (
            "the {:word} lines after `i, f, g, o`",
            f"{text('code/whole_pass.py')}.count(' = f *')"
            f" + {text('code/whole_pass.py')}.count(' = o *')",
        ),
    ),
)
