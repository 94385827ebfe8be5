"""What somebody wants drawn: one way for command lines, blocks and Python."""
