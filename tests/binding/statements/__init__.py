"""Statements that figures make, grouped by how the tests verify them.

An *invariant* is true for every LSTM and input; `invariants` evaluates it with
torch. A *record* describes something that was done once; `records` looks it up.
Every other sentence has an entry in a `words.txt` (see `wording`). The
`words.txt` in this folder has the entries that several figures share.
"""
