"""Tables of faults that several figures can have, a module a motif.

Those of one figure stand in its folder. `FAULTS` of a table break the code that
draws, `CHANGES` what stands in an SVG, `DESCRIPTION_FAULTS` what a description says;
`test_broken_figures.py` goes over all of them.
"""
