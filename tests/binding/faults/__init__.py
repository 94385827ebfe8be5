"""Tables of faults that were once drawn, or could be.

`FAULTS` of a table break the code that draws, `CHANGES` what stands in an SVG,
`HEARD` what a description says; `test_broken_figures.py` goes over all of them.
"""
