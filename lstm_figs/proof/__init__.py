"""Bindings between a figure's contents and PyTorch expressions."""
