"""A progress bar for terminals."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from ..command.request import Request

MAX_WITHOUT_BAR = 4
"""The most figures that are drawn without a bar."""


@contextmanager
def with_progress(requests: Sequence[Request]) -> Iterator[Iterator[Request]]:
    """Requests with a progress bar on standard error.

    There is no bar for a few requests, or if the output is piped.
    """
    if len(requests) <= MAX_WITHOUT_BAR or not (sys.stdout.isatty() and sys.stderr.isatty()):
        yield iter(requests)
        return
    from tqdm import tqdm

    # The bar is removed before anything else is printed, even an error.
    with tqdm(total=len(requests), unit="figure", leave=False) as bar:

        def counted_requests() -> Iterator[Request]:
            """Yield the requests, and advance the bar after each."""
            for request in requests:
                bar.set_description(request.name)
                yield request
                bar.update()

        yield counted_requests()
