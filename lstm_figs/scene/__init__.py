"""A figure as data: marks, scenes, colours, terms, widths of text."""
