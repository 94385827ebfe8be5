from torch.nn.parallel.scatter_gather import scatter as scatter
