// The moments of the training, which `html/training_moments.py` writes.

import { known } from "./known.js";
import { LAST } from "./moments.js";
// `html/training_moments.py` writes this file: how many moments, how many strings the last
// gets right, and the numbers of the others as text.
import { count, last, written } from "./written.js";

/** So many digits end a number; the others continue it. */
const ENDS = 44;
/** Digits: from # to ~ without <, \\ and `; the first `ENDS` of them end a number. */
const CHARACTERS = Array.from({ length: 92 }, (_, k) => String.fromCharCode(35 + k))
  .join("")
  .replace(/[<\\\x60]/g, "");

/** The numbers of `_encoded` in `html/training_moments.py`; odd codes are negative. */
function* numbersOf(text) {
  let number = 0;
  for (const character of text) {
    const digit = CHARACTERS.indexOf(character);
    if (digit >= ENDS) number = number * (CHARACTERS.length - ENDS) + digit - ENDS + 1;
    else {
      number = number * ENDS + digit;
      yield number % 2 ? -(number + 1) / 2 : number / 2;
      number = 0;
    }
  }
}

/** The numbers of the table, one by one. */
const numbers = numbersOf(written);

/** The values of one number at all moments, from their second differences. */
function course() {
  // The first number is the value, each later one says how its change differs.
  let [value, change] = [numbers.next().value, 0];
  return Array.from({ length: count }, (_, k) => {
    if (k) value += change += numbers.next().value;
    return value;
  });
}

/** A tensor of the shape of another, with the course of each number in its place. */
const shaped = (like) => (Array.isArray(like) ? like.map(shaped) : course());

/** The tensor at moment `k`; the table has thousandths. */
const at = (k, values) =>
  typeof values[0] === "number"
    ? Math.fround(values[k] / 1000)
    : values.map((inside) => at(k, inside));

/** At each moment, the batches so far, and how many of 1,000 strings are right. */
const [batches, right] = [course(), course()];
const { tensors } = known.network;
/** Each tensor's name, with the courses of its numbers. */
const each = Object.entries(tensors).map(([name, like]) => [name, shaped(like)]);

/** All moments; the last is the trained network. */
export const trained = batches.map((done, k) => ({
  batches: done,
  right: right[k],
  tensors: Object.fromEntries(each.map(([name, values]) => [name, at(k, values)])),
}));
trained.push({ batches: LAST, right: last, tensors });
