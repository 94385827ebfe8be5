"""What `scripts/fuzz` has found in figures stays right."""

import pytest

from tests.binding.whole import check_live
from tests.live import Live

LIVE = {
    "a state that is smaller than any fixed tolerance": (
        "padding",
        Live(cell=True, bias=False, batch_size=None, factor=1e-7),
    ),
}
"""A figure, the module, and options."""


@pytest.mark.parametrize("found", LIVE)
def test_a_figure_of_a_module_in_memory_is_whole(found):
    name, case, *options = LIVE[found]
    check_live(name, case, 0, *options)
