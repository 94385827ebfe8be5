"""Modules as training leaves them: most weights small, a few far away."""

import torch


def trained(input_size, hidden_size, seed=0, outlier=40.0):
    """An LSTM whose weights are normal, but for a few outliers."""
    generator = torch.Generator().manual_seed(seed)
    module = torch.nn.LSTM(input_size, hidden_size)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_(0, 0.5, generator=generator)
        for weight in (module.weight_ih_l0, module.weight_hh_l0):
            flat = weight.view(-1)
            places = torch.randint(flat.numel(), (4,), generator=generator)
            flat[places] = torch.tensor([outlier, -outlier, outlier, -outlier])
    return module


def sequence(seq_len, batch_size, input_size, seed=0):
    """An input for it."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(seq_len, batch_size, input_size, generator=generator)
