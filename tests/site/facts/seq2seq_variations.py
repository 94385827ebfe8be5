"""What facts of docs/seq2seq-variations.md call."""
