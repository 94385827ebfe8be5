"""Figures in a page: Python-Markdown extensions, and a thin MkDocs plugin."""
