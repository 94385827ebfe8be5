"""Requests for figures, shared by the command line, blocks and Python."""
