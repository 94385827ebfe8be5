// The network at moments of its training, where a page has them.

/** How many batches the network was trained with. */
export const LAST = 6000;

const kept = [];

/** Keep moments, `{ batches, right, tensors }` each, from the first to the last. */
export const keep = (moments) => kept.push(...moments);

export const moments = () => kept;

/** The last one at or before so many batches: `networks.moment`. */
export const momentAt = (after) => kept.findLast(({ batches }) => batches <= after);
