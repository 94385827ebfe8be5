"""Time and memory of whole processes, beside other tools; no test."""
