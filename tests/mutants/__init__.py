"""Mutation testing: small faults in the drawing code, and whether proofs see them.

`scripts/mutants` draws a sample of faults (`sample`, `operators`) and makes each
in a copy of the project. It draws the affected figures, looks for changes
(`differences`), and checks whether a proof fails (`trial`).
"""
