// The run of a network of anybody's, whose weights and input are in the page.

import { known } from "../twin/known.js";
import { Subject } from "../twin/subject.js";

/** The numbers of an array that Python has written as base64, little-endian float32. */
function decoded(base64, shape) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  const fill = ([count, ...inner]) =>
    Array.from({ length: count }, () => {
      if (inner.length) return fill(inner);
      at += 4;
      return view.getFloat32(at - 4, true);
    });
  return fill(shape);
}

const { arrays } = known.network;
for (const [name, [base64, shape]] of Object.entries(arrays)) {
  const array = decoded(base64, shape);
  if (name === "x") known.network.x = array;
  else known.network.tensors[name] = array;
}
// Without biases, those that a run adds are zero.
for (const name of ["lstm.bias_ih_l0", "lstm.bias_hh_l0"]) {
  known.network.tensors[name] ??= known.network.tensors["lstm.weight_ih_l0"].map(() => 0);
}
Object.assign(known.network.tensors, { "readout.weight": [], "readout.bias": [] });

/** A run with edits, each `[name, at, value]`; its text is for descriptions alone. */
export class OwnSubject extends Subject {
  constructor(edits = []) {
    super(undefined, edits);
    this.text = known.network.description;
  }
}
