// The network as a safetensors file, which torch and lstm-figs load.

import { known } from "./known.js";

/** The lengths of nested arrays, from the outermost. */
const shapeOf = (tensor) =>
  Array.isArray(tensor) ? [tensor.length, ...shapeOf(tensor[0])] : [];

/**
 * The bytes of a file: the length of the header, the header, float32 numbers.
 *
 * - `tensors`: name -> numbers in nested arrays
 * - `metadata`: names and texts, for the header
 */
export function safetensors(tensors, metadata) {
  let end = 0;
  const header = { __metadata__: metadata };
  for (const [name, tensor] of Object.entries(tensors)) {
    const start = end;
    end += 4 * tensor.flat().length;
    header[name] = { dtype: "F32", shape: shapeOf(tensor), data_offsets: [start, end] };
  }
  const written = new TextEncoder().encode(JSON.stringify(header));
  // Spaces pad the header, so that numbers begin at a multiple of eight bytes.
  const length = Math.ceil(written.length / 8) * 8;
  // A space is byte 32.
  const bytes = new Uint8Array(8 + length + end).fill(32, 8, 8 + length);
  bytes.set(written, 8);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(length), true);
  Object.values(tensors)
    .flatMap((tensor) => tensor.flat())
    .forEach((number, k) => view.setFloat32(8 + length + 4 * k, number, true));
  return bytes;
}

/** Download the weights of a run, a `Subject`, and say so in the element `status`. */
export function save({ variables }, status) {
  const { alphabet, other, outputs, truth, tensors } = known.network;
  const own = Object.keys(tensors).map((name) => [name, variables[name]]);
  const metadata = {
    alphabet,
    other: String(other),
    outputs: outputs.join(", "),
    truth,
  };
  const bytes = safetensors(Object.fromEntries(own), metadata);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([bytes]));
  link.download = "brackets.safetensors";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  status.textContent = "Saved; torch and lstm-figs can load these weights";
}
