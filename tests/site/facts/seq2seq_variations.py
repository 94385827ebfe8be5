"""Called in seq2seq-variations.txt: True if its words hold."""
