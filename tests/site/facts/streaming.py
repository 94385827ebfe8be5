from functools import cache

import torch

from tests.doc_scripts import load
from tests.site.facts.common import close, module, randn

script = cache(lambda: load("streaming"))


def stream_takes_a_step_of_all():
    return all(
        script().Stream(module(batch_first=first)).feed(randn(5, 3)).shape == (5, 2)
        for first in (False, True)
    )


def exact(layers):
    """Which directions of the last layer are exact if each looks ahead."""
    actual = expected = randn(30, 1, 3)
    for size in (3, 4)[:layers]:
        lstm = module(size, 2, bidirectional=True)
        actual = script().with_look_ahead(lstm, actual, 5, 2)
        expected, _ = lstm(expected)
    return tuple(map(close, actual.split(2, 2), expected.split(2, 2)))


def steps_that_run(ahead):
    """How many steps run for 30 in chunks of 5 that look so far ahead."""
    lstm, lengths = module(bidirectional=True), []
    lstm.register_forward_pre_hook(lambda _, inputs: lengths.append(len(inputs[0])))
    script().with_look_ahead(lstm, randn(30, 1, 3), 5, ahead)
    return sum(lengths)


@cache
@torch.no_grad()
def look_ahead_error_fades():
    lstm, x = module(8, 16, bidirectional=True), randn(60, 1, 8)
    chunks = (script().with_look_ahead(lstm, x, 10, ahead) for ahead in (0, 4, 8, 16))
    errors = torch.stack([(output - lstm(x)[0]).abs().max() for output in chunks])
    return bool((errors.diff() < 0).all() and errors[2] < 0.03 * errors[0])


def chunks_give_the_whole():
    lstm, x = module(num_layers=2), randn(12, 5, 3)
    cells, chunks = script().Stream(lstm), script().ChunkStream(lstm)
    steps = torch.stack([cells.feed(x_t) for x_t in x])
    parts = torch.cat([chunks.feed(part) for part in x.split(5)])
    return close(steps, lstm(x)[0]) and close(parts, lstm(x)[0])
