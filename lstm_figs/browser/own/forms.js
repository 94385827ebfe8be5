// Both forms of `reading` for a network of anybody's, as Python would draw them.

import { known } from "../twin/known.js";
import { lazily } from "../twin/lazily.js";
import { reading } from "../reading/reading.js";

/** A text, which only the bracket network reads, between two marks of Python's. */
const TEXT = /\uE000.*?\uE000/s;
/** The version of torch in metadata, where there is none. */
const NO_TORCH = /("|&quot;)torch\1:null/;

/** A form without the text, and with the version of torch that made the weights. */
function ownForm(form) {
  const { torch } = known.network;
  const named = torch ? `$1torch$1:$1${torch}$1` : "$&";
  return Object.create(form, {
    preamble: { value: form.preamble.replace(TEXT, "") },
    svg: { get: () => form.svg.replace(TEXT, "").replace(NO_TORCH, named) },
  });
}

/** Both forms, the wide one first; see `reading` for `id` and `view`. */
export function forms(subject, id, view) {
  const drawings = reading(subject, id, view);
  return lazily(drawings.length, (k) => ownForm(drawings[k]));
}
