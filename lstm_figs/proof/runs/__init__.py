"""Other runs than the one at hand, made from it."""
