// Tables that Python has written into the page: the network, the widths of letters,
// the colours, and the beginnings of proofs. Python is their only source.

const tables = [...document.querySelectorAll(".lf-known")].map((element) =>
  JSON.parse(element.textContent),
);

export const known = Object.assign({}, ...tables);
known.preambles = Object.assign({}, ...tables.map((table) => table.preambles));

const inFloat32 = (value) =>
  Array.isArray(value) ? value.map(inFloat32) : Math.fround(value);

for (const [name, tensor] of Object.entries(known.network.tensors)) {
  known.network.tensors[name] = inFloat32(tensor);
}
