"""Benchmarks: time and memory of whole processes, compared with other tools."""
