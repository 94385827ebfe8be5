"""For facts of seq2seq-variations.md."""
