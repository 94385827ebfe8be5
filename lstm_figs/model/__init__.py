"""The LSTM itself, in NumPy only: tensors, equations, derivatives, runs."""
