// The state of a figure in an address, `?text=f(a)&step=3&x[1,0,0]=0.5`: the text, the
// step, and edited numbers by their names in preambles; `after=454` is a moment of
// the training, on pages that have the moments.

import { known } from "./known.js";
import { LAST, moments } from "./moments.js";
import { literal } from "./numbers.js";

/** The largest number that a reader can set: with more, sums could overflow. */
export const LARGEST = 1000;
/** Control characters, and all separators but the space, as in Python's `isprintable`. */
const UNPRINTABLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
/** A decimal number, with an exponent or without. */
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$/i;
/** The values of `step` and of `after`. */
const [STEP, BATCHES] = [/^\d{1,3}$/, /^\d{1,4}$/];

/** The number that a reader typed, NaN if it is none or too large. */
export function numberOf(typed) {
  const number = NUMBER.test(typed ?? "") ? Number(typed) : NaN;
  return Math.abs(number) <= LARGEST ? number : NaN;
}

/**
 * The number that a key such as `x[0,0,1]` names: `[name, at, value]`, which are the
 * tensor, the index and the number; null if there is none. `variables` has the tensors
 * by name, as nested arrays.
 */
export function findNumber(key, variables) {
  const [, name, index] = key.match(/^([\w.]+)\[([\d, ]+)\]$/) ?? [];
  if (!name || !Object.hasOwn(variables, name)) return null;
  const at = index.split(",").map(Number);
  // An index with too many parts finds nothing.
  const value = at.reduce((inside, k) => inside?.[k], variables[name]);
  return typeof value === "number" ? [name, at, value] : null;
}

/**
 * The name of the number that an edit `[name, at, value]` sets, such as
 * `lstm.bias_ih_l0[3]`.
 */
export const keyOf = ([name, at]) => `${name}[${at.join(",")}]`;

/** Why the network cannot read a text, in one sentence; empty if it can. */
export function problemOf(text) {
  const characters = [...text];
  if (!characters.length || characters.length > known.longest) {
    return (
      `Got ${characters.length} characters, expected 1 to ${known.longest}; ` +
      `${characters.length ? "leave some out" : "type one"}.`
    );
  }
  const odd = characters.find((character) => UNPRINTABLE.test(character));
  if (odd === undefined) return "";
  const code = odd.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  return `Got U+${code}, expected characters that can be printed; leave it out.`;
}

/** A part of an address without escapes; null if they are malformed. */
function decoded(written) {
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}

/**
 * The state in a query, and its other parts.
 *
 * `own` is the text of a query without one; `variablesOf` gives what can be edited
 * for the tokens of a text. `steps` says whether the state has a step.
 */
export function parseQuery(search, own, variablesOf, steps = false) {
  const state = { text: undefined, step: undefined, edits: [], after: undefined };
  const parts = search
    .replace(/^\?/, "")
    .split("&")
    .filter(Boolean)
    .map((part) => {
      const [name, ...rest] = part.split("=");
      return [part, decoded(name), decoded(rest.join("="))];
    });
  for (const [, key, value] of parts) {
    if (key === "text" && value !== null && !problemOf(value)) state.text = value;
  }
  const tokens = [...(state.text ?? own)];
  const tensors = variablesOf(tokens);
  const others = [];
  for (const [part, key, value] of parts) {
    const target = key === null ? null : findNumber(key, tensors);
    if (key === "text") continue;
    if (key === "step" && steps) {
      const step = STEP.test(value) ? Number(value) : 0;
      if (step >= 1 && step <= tokens.length) state.step = step;
    } else if (key === "after" && moments().length) {
      if (BATCHES.test(value) && Number(value) <= LAST) state.after = Number(value);
    } else if (target) {
      const number = numberOf(value);
      const isFirst = state.edits.every((edit) => keyOf(edit) !== keyOf(target));
      if (!Number.isNaN(number) && isFirst) {
        state.edits.push([target[0], target[1], number]);
      }
    } else others.push(part);
  }
  return [state, others];
}

/**
 * The state that the address of the page asks of a figure; none if it names a different
 * figure. `how` are the further arguments of `parseQuery`.
 */
export const stateAsked = (figure, ...how) =>
  location.hash === `#${figure.id}`
    ? parseQuery(location.search, ...how)[0]
    : { edits: [] };

/**
 * The full address of a figure in the state that `query` has.
 *
 * A path alone is not enough: one that begins with two slashes names a host.
 */
export const addressOf = (figure, query) =>
  `${location.href.replace(/[?#].*/, "")}${query && `?${query}`}#${figure.id}`;

/** An edit as it is written in an address and on a command line. */
export const editText = (edit) =>
  `${keyOf(edit)}=${literal(edit[2]).replace(/\.0$/, "")}`;
