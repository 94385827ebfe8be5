// The network at moments of its training, on pages that have them.

/** The number of batches of the training. */
export const LAST = 6000;

/** All moments of the training, in order. */
const stored = [];

/**
 * Store the moments in order, each with the `batches` so far, how many of 1,000 strings
 * it gets `right`, and its `tensors`.
 */
export const keep = (moments) => stored.push(...moments);

/** All moments; none on a page without a training. */
export const moments = () => stored;

/** The last moment at or before a number of batches: `networks.moment`. */
export const momentAt = (after) => stored.findLast(({ batches }) => batches <= after);
