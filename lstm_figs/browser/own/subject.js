// The run of a network of anybody's, whose weights and input are in the page.

import { known } from "../twin/known.js";
import { parameterName } from "../twin/parameters.js";
import { Subject } from "../twin/subject.js";

/** The numbers of an array that Python has written as base64, little-endian float32. */
function decoded(base64, shape) {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  let at = 0;
  const fill = ([count, ...inner]) =>
    Array.from({ length: count }, () => {
      if (inner.length) return fill(inner);
      // A float32 has four bytes.
      at += 4;
      return view.getFloat32(at - 4, true);
    });
  return fill(shape);
}

const { network } = known;
for (const [name, [base64, shape]] of Object.entries(network.arrays)) {
  const array = decoded(base64, shape);
  if (name === "x") network.x = array;
  else network.tensors[name] = array;
}
/** All rows of the gates, with 0 for each. */
const noBias = () => network.tensors[parameterName("weight_ih")].map(() => 0);
// Without biases, those that a run adds are zero; without a read-out, there are no answers.
for (const base of ["bias_ih", "bias_hh"]) {
  network.tensors[parameterName(base)] ??= noBias();
}
network.tensors["readout.weight"] ??= [];
network.tensors["readout.bias"] ??= network.tensors["readout.weight"].map(() => 0);

/** A run with edits, each `[name, at, value]`; its text is for descriptions alone. */
export class OwnSubject extends Subject {
  constructor(edits = []) {
    super(undefined, edits);
    this.text = network.description;
    this.tokens = network.tokens;
    this.isProjected = parameterName("weight_hr") in network.tensors;
  }
}
