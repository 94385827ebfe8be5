"""What holds `cheat-sheet` to the truth.

Its step is drawn by `keep-write-show`, whose home knows it; what is true of
every LSTM is evaluated in `sayings.laws`.
"""

from tests.figures import keep_write_show, poster

CONVENTIONS = (
    "nn.LSTM on one page",
    "One step",
    "Rows of the weights",
    "Parameters",
    "weight_ih_l0",
    "weight_ih_l1",
    "weight_hh_l0",
    "bias_ih_l0",
    "bias_hh_l0",
    "weight_hr_l0",
    "Shapes",
    "proj_size",
    "input",
    "output",
    "h_n",
    "c_n",
    "T steps, N sequences, D directions, I = input_size, H = hidden_size, L = "
    "num_layers, P = proj_size.",
    "What is returned",
    "What a classifier reads",
    "one direction",
    "bidirectional",
    "Five mistakes",
    "the last output of padded sequences",
    "batch first, and no batch_first=True",
    "h_n of two directions as a view",
    "a forget bias in both biases",
    "a state handed on without detach()",
)

VARIANTS = ("--set x[1,0,0]=0.5", "--input-size 1 --hidden-size 1")

REFUSED = (
    "--input-size 3 --hidden-size 9",
    "--input-size 3 --hidden-size 3",
    "--input-size 3 --hidden-size 2 --no-bias",
    "--input-size 3 --hidden-size 2 --num-layers 2",
    "--input-size 3 --hidden-size 2 --proj-size 1",
    "--seq-len 1",
)

CLAUSES = (*keep_write_show.CLAUSES[:2], poster.ROW)
