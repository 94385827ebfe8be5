"""What facts of make-your-own.txt ask the program."""

import lstm_figs
from lstm_figs.cli.commands import parsers
from lstm_figs.figures import CATALOG
from tests.site.facts.common import module, randn

OPTIONS = [
    o for parser in parsers(CATALOG).values() for group in parser.groups for o in group.options
]


def says(flag, *words):
    """Whether the help of an option, proved elsewhere, has these words."""
    helps = "; ".join(option.help for option in OPTIONS if flag in option.option_strings)
    return all(part in helps for part in words)


def traced():
    """Four steps of two sequences of three features, in two layers and directions."""
    lstm = module(3, 5, num_layers=2, bidirectional=True)
    return lstm_figs.trace(lstm, randn(4, 2, 3), (randn(4, 2, 5), randn(4, 2, 5)))


def can_set(*names):
    return all(lstm_figs.draw("cell", traced(), set={name: 0.5}) for name in names)
