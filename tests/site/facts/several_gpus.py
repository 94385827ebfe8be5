"""What facts of docs/several-gpus.md call."""

from torch.nn.parallel.scatter_gather import scatter as scatter
