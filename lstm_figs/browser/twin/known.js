// Tables that Python has written into the page: the network, the widths of letters,
// the colours, and the beginnings of proofs. Python is their only source.

const tables = [...document.querySelectorAll(".lf-known")].map((element) =>
  JSON.parse(element.textContent),
);

/**
 * The tables. `network` has the `alphabet`, the column `other` for all other
 * characters, the names of its `outputs`, its own `text` and its `tensors`; `regular`,
 * `bold` and `mono` are advances of letters.
 */
export const known = Object.assign({}, ...tables);
known.preambles = Object.assign({}, ...tables.map((table) => table.preambles));

const inFloat32 = (value) =>
  Array.isArray(value) ? value.map(inFloat32) : Math.fround(value);

for (const [name, tensor] of Object.entries(known.network.tensors)) {
  known.network.tensors[name] = inFloat32(tensor);
}
