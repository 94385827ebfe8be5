TENSOR_AXES = {
    "packed.data": ("entry", "input"),
    "numbers": ("step", "sample"),
    "packed_numbers.data": ("entry",),
    "packed.batch_sizes": ("step",),
    "packed.sorted_indices": ("rank",),
    "packed.unsorted_indices": ("sample",),
}

VARIANTS = ("--lengths 1", "--lengths 3")


DESCRIPTION_CLAUSES = (
    "{len(lengths)} sequence‹|s›",
    "sequence {sample} has {lengths[sample]} step‹|s›",
    "data is of sequence‹|s› {*packed_numbers.data}",
    "lengths {*lengths}",
    "data {*packed.data[:, 0]}",
    "batch_sizes {*packed.batch_sizes}",
    "sorted_indices {*packed.sorted_indices}",
    "unsorted_indices {*packed.unsorted_indices}",
    "{packed.batch_sizes.sum()} cell update‹|s› instead of {padded[..., 0].numel()}",
)
