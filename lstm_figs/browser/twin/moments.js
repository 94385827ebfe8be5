// The network at moments of its training, on pages that have them.

/** The number of batches of the training. */
export const LAST = 6000;

const stored = [];

/** Store the moments in order, each `{ batches, right, tensors }`. */
export const keep = (moments) => stored.push(...moments);

export const moments = () => stored;

/** The last moment at or before `after` batches: `networks.moment`. */
export const momentAt = (after) => stored.findLast(({ batches }) => batches <= after);
