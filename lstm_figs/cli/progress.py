"""How far a command has come, for who waits at a terminal."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..command.request import Request

MAX_WITHOUT_BAR = 4
"""So many figures are drawn before anybody would look at a bar."""


@contextmanager
def with_progress(requests: Sequence[Request]) -> Iterator[Iterator[Request]]:
    """Requests, with a bar on standard error while they are worked off.

    There is none for a few, and none where the output is piped.
    """
    if len(requests) <= MAX_WITHOUT_BAR or not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield iter(requests)
        return
    from tqdm import tqdm

    # The bar is gone before anything else is printed, an error too.
    with tqdm(total=len(requests), unit="figure", leave=False) as bar:

        def counted_requests() -> Iterator[Request]:
            for request in requests:
                bar.set_description(request.name)
                yield request
                bar.update()

        yield counted_requests()
