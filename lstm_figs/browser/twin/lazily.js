// Of the forms of a figure one is seen: the other is made when it is asked for.

/** An array of so many, each made once, at first use. */
export function lazily(count, make) {
  const made = [];
  const all = new Array(count);
  for (let k = 0; k < count; k += 1) {
    const get = () => (made[k] ??= make(k));
    Object.defineProperty(all, k, { get, enumerable: true });
  }
  return all;
}
