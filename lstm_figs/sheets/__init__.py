"""Sheets: figures of a fixed paper size, made for print.

A sheet combines the drawings of several figures on one paper. It has one form,
and draws its own heading and foot. Otherwise it is like a figure: ids, numbers
with expressions, sentences with claims.
"""
