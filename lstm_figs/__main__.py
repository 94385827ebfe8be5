"""Run the command line with `python -m lstm_figs`."""

import sys

from .cli import main

sys.exit(main())
