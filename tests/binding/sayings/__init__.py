"""The sentences that say no value, by what they are."""
