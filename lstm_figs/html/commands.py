"""Command lines that wrap between their options, not within one."""

import re

OPTION = "lf-option"
"""The class of an option with its values."""

_OPTION = re.compile(
    # A space, which Pygments puts into an element, then an option and its values.
    r"(?:(?<= )|(?<= </span>))--\w(?:<span[^>]*>[^<]*</span>|[^<\n])*?"
    r'(?= --\w|<span class="w"> +</span>(?:--\w|<span class="se">)|\n|$)'
)
"""An option with its values."""


def keep_options_whole(html: str) -> str:
    r"""Mark each option with its values, so that a line wraps before it.

    A browser may break a line after any hyphen. The style sheet makes an option
    one box, which does not change the copied text.

    Args:
        html: A command line, escaped or highlighted.

    >>> keep_options_whole("draw cell --step 2 --id one")
    'draw cell <span class="lf-option">--step 2</span> <span class="lf-option">--id one</span>'
    >>> keep_options_whole('draw<span class="w"> </span>--id<span class="w"> </span>one\n')
    'draw<span class="w"> </span><span class="lf-option">--id<span class="w"> </span>one</span>\n'
    """
    return _OPTION.sub(rf'<span class="{OPTION}">\g<0></span>', html)
