from tests.figures import keep_write_show, poster

VARIANTS = ("--set x[1,0,0]=0.5", "--input-size 1 --hidden-size 1")

REFUSED = (
    "--input-size 3 --hidden-size 9",
    "--input-size 3 --hidden-size 3",
    "--input-size 3 --hidden-size 2 --no-bias",
    "--input-size 3 --hidden-size 2 --num-layers 2",
    "--input-size 3 --hidden-size 2 --proj-size 1",
    "--seq-len 1",
)
"""It shows step 2 of one layer that is as small as the example."""

DESCRIPTION_CLAUSES = (*keep_write_show.DESCRIPTION_CLAUSES[:2], poster.ROW)
