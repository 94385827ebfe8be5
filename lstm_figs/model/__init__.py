"""The LSTM itself, NumPy only: tensors, equations, derivatives, runs."""
