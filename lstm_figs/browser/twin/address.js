// A state in an address, `?text=f(a)&step=3&x[1,0,0]=0.5`: what is read, which step
// is shown, and numbers that are changed, by the names of preambles; where moments
// of the training are, `after=454`, too.

import { known } from "./known.js";
import { LAST, moments } from "./moments.js";
import { literal } from "./numbers.js";

export const LARGEST = 1000;
const ODD = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d{1,3})?$/i;
const [STEP, BATCHES] = [/^\d{1,3}$/, /^\d{1,4}$/];

/** What is typed as a number that a tensor may have, or NaN. */
export function numberOf(typed) {
  const number = NUMBER.test(typed ?? "") ? Number(typed) : NaN;
  return Math.abs(number) <= LARGEST ? number : NaN;
}

/** A number of what is given, by its name, as `[name, at, value]`; else null. */
export function place(written, given) {
  const [, name, index] = written.match(/^([\w.]+)\[([\d, ]+)\]$/) ?? [];
  if (!name || !Object.hasOwn(given, name)) return null;
  const at = index.split(",").map(Number);
  // Further in than numbers there is nothing.
  const value = at.reduce((inside, k) => inside?.[k], given[name]);
  return typeof value === "number" ? [name, at, value] : null;
}

export const keyOf = ([name, at]) => `${name}[${at.join(",")}]`;

/** What keeps a text from being read, in one sentence, or nothing. */
export function problemOf(text) {
  const characters = [...text];
  if (!characters.length || characters.length > known.longest) {
    return (
      `Got ${characters.length} characters, expected 1 to ${known.longest}; ` +
      `${characters.length ? "leave some out" : "type one"}.`
    );
  }
  const odd = characters.find((one) => ODD.test(one));
  if (odd === undefined) return "";
  const code = odd.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
  return `Got U+${code}, expected characters that can be printed; leave it out.`;
}

function decoded(written) {
  try {
    return decodeURIComponent(written);
  } catch {
    return null;
  }
}

/**
 * The parts of an address, those of a state and those of others.
 *
 * `own` is the text that is read where the address has none, and `given` what may
 * be changed of a text. Only where `own` has steps that are gone through, which
 * `steps` says, is `step` one of the state.
 */
export function parted(search, own, given, steps = false) {
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
  const tensors = given(tokens);
  const others = [];
  for (const [part, key, value] of parts) {
    const found = key === null ? null : place(key, tensors);
    if (key === "text") continue;
    if (key === "step" && steps) {
      const step = STEP.test(value) ? Number(value) : 0;
      if (step >= 1 && step <= tokens.length) state.step = step;
    } else if (key === "after" && moments().length) {
      if (BATCHES.test(value) && Number(value) <= LAST) state.after = Number(value);
    } else if (found) {
      const number = numberOf(value);
      const isFirst = state.edits.every((one) => keyOf(one) !== keyOf(found));
      if (!Number.isNaN(number) && isFirst) {
        state.edits.push([found[0], found[1], number]);
      }
    } else others.push(part);
  }
  return [state, others];
}

/**
 * The whole address of a figure in a state, which `query` says.
 *
 * The path alone would not do: where it begins with two slashes, it names a host.
 */
export const addressOf = (figure, query) =>
  `${location.href.replace(/[?#].*/, "")}${query && `?${query}`}#${figure.id}`;

/** A number that is changed, as an address and a command line have it. */
export const written = (edit) =>
  `${keyOf(edit)}=${literal(edit[2]).replace(/\.0$/, "")}`;
