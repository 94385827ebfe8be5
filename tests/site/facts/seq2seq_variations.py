"""What facts of docs/seq2seq-variations.md call."""

from functools import cache

import torch

from tests.site.facts.common import randn, session


@cache
def search(width, seed):
    """What a beam search finds in a table of scores, and its score."""
    table = randn(8, 8, seed=seed)
    tokens, scores = session("seq2seq-variations")["beam_search"](
        lambda token, state: (table[token], state),
        (torch.zeros(1, 1, 1),),
        start=0,
        end=7,
        width=width,
        longest=8,
    )
    return scores[0].item(), tokens[0].tolist()
