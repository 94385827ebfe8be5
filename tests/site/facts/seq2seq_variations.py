"""Called in seq2seq-variations.txt, where True means that the sentence holds."""
