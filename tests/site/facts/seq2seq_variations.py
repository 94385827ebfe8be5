"""True if words of seq2seq-variations.txt hold."""
