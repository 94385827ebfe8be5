"""Figures of a size of their own, to be printed and hung up.

A sheet puts what figures draw together on one paper. It has one form, no title
line and no foot but what it draws itself, and all else of a figure: ids,
numbers with their proofs, sentences with their claims.
"""
