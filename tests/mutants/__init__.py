"""Small faults in the drawing code, and whether the proofs see them.

`scripts/mutants` draws a sample of faults (`sample`, `operators`), makes each
in a copy of the project, draws the figures that it concerns, and asks what has
changed (`differences`) and whether a proof is red (`trial`).
"""
