"""The card that services show for a link to the site."""

import io
import runpy
from pathlib import Path

import numpy as np
from PIL import Image

from lstm_figs.command.request import Request

CARD = runpy.run_path(str(Path(__file__).parents[1] / "scripts" / "card.py"))
FILE = CARD["FILE"]


def small(file):
    """An image at a quarter of its size, where edges of letters blur."""
    with Image.open(file) as image:
        return np.asarray(image.convert("RGB").reduce(4), int)


def test_the_card_has_the_size_that_no_service_crops():
    with Image.open(FILE) as image:
        assert (image.format, image.size) == ("PNG", (1200, 630))
    # The largest size that all services are known to load.
    assert FILE.stat().st_size < 300_000


def test_the_card_is_what_its_script_draws_from_the_network():
    card = CARD["card"]()
    # A different release of Matplotlib may smooth edges differently.
    change = abs(small(io.BytesIO(card)) - small(FILE))
    assert change.max() <= 32
    assert change.mean() <= 0.25
    with Image.open(FILE) as shipped, Image.open(io.BytesIO(card)) as image:
        assert shipped.info == image.info


def test_what_the_card_says_of_the_network_is_true():
    trace = Request("reading").source.trace()
    assert len(trace.steps[0].c[0]) == 2
    c = [0, *(step.c[0, CARD["counting"](trace)] for step in trace.steps)]
    quoted = False
    for character, change in zip(trace.origin.text, np.diff(c), strict=True):
        quoted ^= character == '"'
        # Brackets in quotes do not count.
        counts = {"(": 1, ")": -1}.get(character, 0) * (not quoted)
        assert abs(change - counts) < 0.3, character
