// A network as a file of safetensors, which torch and lstm-figs load.

import { known } from "./known.js";

const shapeOf = (tensor) =>
  Array.isArray(tensor) ? [tensor.length, ...shapeOf(tensor[0])] : [];

/** Tensors by their names: the length of a header, that, and float32 numbers. */
export function safetensors(tensors, told) {
  let end = 0;
  const header = { __metadata__: told };
  for (const [name, tensor] of Object.entries(tensors)) {
    const start = end;
    end += 4 * tensor.flat().length;
    header[name] = { dtype: "F32", shape: shapeOf(tensor), data_offsets: [start, end] };
  }
  const written = new TextEncoder().encode(JSON.stringify(header));
  // Numbers begin at a multiple of eight bytes, and blanks are no part of JSON.
  const length = Math.ceil(written.length / 8) * 8;
  const bytes = new Uint8Array(8 + length + end).fill(32, 8, 8 + length);
  bytes.set(written, 8);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  Object.values(tensors)
    .flatMap((tensor) => tensor.flat())
    .forEach((one, k) => view.setFloat32(8 + length + 4 * k, one, true));
  return bytes;
}

/** Hand the weights of what is read to who looks on, and say so. */
export function save({ given }, done) {
  const { alphabet, other, outputs, truth, tensors } = known.network;
  const own = Object.keys(tensors).map((name) => [name, given[name]]);
  const told = { alphabet, other: String(other), outputs: outputs.join(", "), truth };
  const bytes = safetensors(Object.fromEntries(own), told);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = "brackets.safetensors";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  done.textContent = "Saved; torch and lstm-figs load the weights as they are here";
}
