// The digest of all parameters, as `model/layer_run.py` makes it.

/** The first 64 prime numbers, from whose roots SHA-256 has its constants. */
const PRIMES = [];
for (let n = 2; PRIMES.length < 64; n += 1) {
  if (PRIMES.every((prime) => n % prime)) PRIMES.push(n);
}

/** The first 32 bits after the point of each prime's root. */
const firstBits = (root) =>
  PRIMES.map((prime) => Math.floor((root(prime) % 1) * 2 ** 32));
/** The constants of the 64 rounds. */
const CONSTANTS = firstBits(Math.cbrt);
/** The state before the first block. */
const START = firstBits(Math.sqrt).slice(0, 8);

/** A word rotated right by some bits. */
const rotated = (word, by) => (word >>> by) | (word << (32 - by));

/** The tensors of the last digest, and the digest. */
let last = [];
let digested = "";

/**
 * SHA-256 of the tensors of the LSTM, little-endian, in PyTorch's order. `tensors` has
 * them by name, as nested arrays.
 */
export function digest(tensors) {
  const names = Object.keys(tensors).filter((name) => name.startsWith("lstm."));
  // A different text leaves the weights as they are.
  if (!last.length || names.some((name, k) => tensors[name] !== last[k])) {
    last = names.map((name) => tensors[name]);
    digested = digestOf(tensors, names);
  }
  return digested;
}

/**
 * SHA-256 of the tensors with these names, in this order; its steps are those of the
 * standard (FIPS 180-4).
 */
export function digestOf(tensors, names) {
  const numbers = new Float32Array(names.flatMap((name) => tensors[name].flat()));
  // Blocks of 64 bytes; a byte that marks the end and eight of the length follow.
  const length = Math.ceil((numbers.byteLength + 9) / 64) * 64;
  const bytes = new DataView(new ArrayBuffer(length));
  numbers.forEach((number, k) => bytes.setFloat32(4 * k, number, true));
  bytes.setUint8(numbers.byteLength, 0x80);
  // The length in bits; four of its bytes are enough.
  bytes.setUint32(length - 4, 8 * numbers.byteLength);
  const state = [...START];
  for (let start = 0; start < length; start += 64) {
    const words = Array.from({ length: 16 }, (_, k) => bytes.getInt32(start + 4 * k));
    for (let k = 16; k < 64; k += 1) {
      // `low` and `high` are σ0 and σ1 of the standard.
      const [a, b] = [words[k - 15], words[k - 2]];
      const low = rotated(a, 7) ^ rotated(a, 18) ^ (a >>> 3);
      const high = rotated(b, 17) ^ rotated(b, 19) ^ (b >>> 10);
      words.push((words[k - 16] + low + words[k - 7] + high) | 0);
    }
    let [a, b, c, d, e, f, g, h] = state;
    words.forEach((word, k) => {
      // Σ1 and Σ0 of the standard, with Ch and Maj in the sums.
      const high = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
      const t1 = (h + high + ((e & f) ^ (~e & g)) + CONSTANTS[k] + word) | 0;
      const low = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
      const t2 = (low + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    });
    [a, b, c, d, e, f, g, h].forEach((word, k) => {
      state[k] = (state[k] + word) | 0;
    });
  }
  return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}
