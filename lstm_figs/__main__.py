"""So that `python -m lstm_figs` is the command line."""

import sys

from .cli import main

sys.exit(main())
