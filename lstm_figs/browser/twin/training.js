// The moments of the training, which `html/training.py` has written.

import { known } from "./known.js";
import { LAST } from "./moments.js";
import { count, last, written } from "./written.js";

const ENDS = 44;
/** Characters from # to ~ without <, \\ and `, the first of which end a number. */
const CHARACTERS = Array.from({ length: 92 }, (_, k) => String.fromCharCode(35 + k))
  .join("")
  .replace(/[<\\`]/g, "");

/** Odd ones are negative, so that small numbers of both signs are short. */
function* numbersOf(text) {
  let one = 0;
  for (const character of text) {
    const digit = CHARACTERS.indexOf(character);
    if (digit >= ENDS) one = one * (CHARACTERS.length - ENDS) + digit - ENDS + 1;
    else {
      one = one * ENDS + digit;
      yield one % 2 ? -(one + 1) / 2 : one / 2;
      one = 0;
    }
  }
}

const numbers = numbersOf(written);

/** What changes from moment to moment, of which the changes of changes are told. */
function course() {
  let [value, change] = [numbers.next().value, 0];
  return Array.from({ length: count }, (_, k) => {
    if (k) value += change += numbers.next().value;
    return value;
  });
}

const shaped = (like) => (Array.isArray(like) ? like.map(shaped) : course());

const at = (k, one) =>
  typeof one[0] === "number"
    ? Math.fround(one[k] / 1000)
    : one.map((inside) => at(k, inside));

const [batches, right] = [course(), course()];
const { tensors } = known.network;
const each = Object.entries(tensors).map(([name, like]) => [name, shaped(like)]);

export const trained = batches.map((done, k) => ({
  batches: done,
  right: right[k],
  tensors: Object.fromEntries(each.map(([name, one]) => [name, at(k, one)])),
}));
trained.push({ batches: LAST, right: last, tensors });
