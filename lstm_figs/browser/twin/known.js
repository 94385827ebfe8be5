// What Python has written into the page, so that it stands in one place: the
// network, the widths of letters, the colours, and what proofs begin with.

export const known = JSON.parse(document.querySelector(".lf-known").textContent);

const inFloat32 = (one) => (Array.isArray(one) ? one.map(inFloat32) : Math.fround(one));

for (const [name, tensor] of Object.entries(known.network.tensors)) {
  known.network.tensors[name] = inFloat32(tensor);
}
