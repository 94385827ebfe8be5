"""A figure as data: marks, scenes, colours, terms, text widths."""
