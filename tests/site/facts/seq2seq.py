from functools import cache
from itertools import pairwise

import torch

from tests.doc_scripts import load
from tests.site.facts.common import randn, refusal

SCRIPT = load("seq2seq")


@cache
def share_that_is_new():
    """The share of fresh sequences that are not in the training."""
    torch.manual_seed(0)
    sources = (s for _ in range(SCRIPT.STEPS) for s in SCRIPT.pairs(SCRIPT.BATCH)[0])
    seen = {tuple(source.tolist()) for source in sources}
    return sum(tuple(s.tolist()) not in seen for s in SCRIPT.pairs(1000)[0]) / 1000


def accepts(decoder, *shape):
    """Whether `h` and `c` of a shape can be the first state of a decoder."""
    return not refusal(lambda: decoder(randn(5, 4, 3), (randn(*shape), randn(*shape))))


@cache
def recorded(is_training=False):
    """The decoder's calls, the vectors of the tokens to read, and what was encoded.

    These are in training the right tokens, and otherwise `START` and what it wrote.
    """
    torch.manual_seed(0)
    model, calls = SCRIPT.Seq2Seq(), []
    source, lengths, decoder_input, _ = SCRIPT.collate(*SCRIPT.pairs(6))
    model.decoder.register_forward_hook(lambda _, inputs, result: calls.append((*inputs, result)))
    tokens = decoder_input
    with torch.no_grad():
        if is_training:
            model(source, lengths, decoder_input)
        else:
            written = model.write(source, lengths)
            tokens = torch.cat([torch.full((1, 6), SCRIPT.START), written[:-1]])
        return calls, model.embedding(tokens), model.encode(source, lengths)


def decoder_begins_from_a_state():
    calls, read, state = recorded()
    return torch.equal(calls[0][0], read[:1]) and all(map(torch.equal, calls[0][1], state))


def decoder_reads_what_it_wrote():
    calls, read, _ = recorded()
    return torch.equal(torch.cat([x for x, _, _ in calls]), read) and all(
        all(map(torch.equal, before[2][1], after[1])) for before, after in pairwise(calls)
    )


def training_is_one_call():
    calls, right_tokens, _ = recorded(is_training=True)
    return [len(x) for x, *_ in calls] == [len(right_tokens)] and torch.equal(
        calls[0][0], right_tokens
    )
