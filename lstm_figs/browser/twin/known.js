// What Python has written into the page, so that it stands in one place: the
// network, the widths of letters, the colours, and what proofs begin with.

const told = [...document.querySelectorAll(".lf-known")].map((one) =>
  JSON.parse(one.textContent),
);

export const known = Object.assign({}, ...told);
known.preambles = Object.assign({}, ...told.map((one) => one.preambles));

const inFloat32 = (one) => (Array.isArray(one) ? one.map(inFloat32) : Math.fround(one));

for (const [name, tensor] of Object.entries(known.network.tensors)) {
  known.network.tensors[name] = inFloat32(tensor);
}
