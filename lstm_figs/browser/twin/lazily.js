// Only one form of a figure is visible, so the other is made on demand.

/** An array of `count` elements; `make(k)` makes each of them once, at first use. */
export function lazily(count, make) {
  const results = [];
  const all = new Array(count);
  for (let k = 0; k < count; k += 1) {
    const get = () => (results[k] ??= make(k));
    Object.defineProperty(all, k, { get, enumerable: true });
  }
  return all;
}
