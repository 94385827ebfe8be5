from tests.figures import keep_write_show, reading

SEPARATE_SCALES = reading.SEPARATE_SCALES

VARIANTS = ("--text 'print(\"no smile :)\")'", "--set readout.bias[0]=0")

REFUSED = (
    "--text a",
    "--text ((a))",
    "--text 'a(\"b(\")'",
    f"--text '{'(' * 20}\"(\"{')' * 40}'",
    "--network example",
)
"""It needs a network that counts brackets, but not those in quotes."""

ROW = (
    "gate {'gate}, row {row}: weight_ih {*p('weight_ih')[row]}; "
    "weight_hh {*p('weight_hh')[row]}; bias_ih {p('bias_ih')[row]}; "
    "bias_hh {p('bias_hh')[row]}"
)

DESCRIPTION_CLAUSES = (
    *reading.DESCRIPTION_CLAUSES[:-1],
    *keep_write_show.DESCRIPTION_CLAUSES[:2],
    ROW,
    reading.DESCRIPTION_CLAUSES[-1],
)
