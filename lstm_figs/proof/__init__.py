"""What figures say and the PyTorch expressions that yield it."""
