"""What rows of long tables say beside what facts of their page hold."""

import re

import torch

from tests.site.conftest import ROOT


def section_has(id: str, *words: str) -> bool:
    """Whether a section of `other-places`, with its sources, has words."""
    text = (ROOT / "docs" / "other-places.md").read_text(encoding="utf-8")
    below = text.split(f"{{ #{id} }}\n")[1]
    section, *_ = re.split(r"^## ", below, flags=re.MULTILINE)
    return all(word in section for word in words)


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
