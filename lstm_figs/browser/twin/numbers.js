// Numbers as Python prints them: `proof/digits.py`, and Python's own formats.

/** A number rounded to float32. */
export const f32 = Math.fround;

/** Whether a number has a sign, as −0 does. */
const isNegative = (value) => value < 0 || Object.is(value, -0);

/** As `f"{value:.{places}f}"`, which rounds halves to even. */
export function fixed(value, places) {
  const size = Math.abs(value);
  let printed = size.toFixed(places);
  // Halfway between two printed numbers, this is odd.
  const twice = size * 10 ** places * 2;
  if (twice % 2 === 1) {
    // JavaScript rounds halves up.
    const long = size.toFixed(places + 20);
    const lower = long.slice(0, long.length - 20).replace(/\.$/, "");
    if (/^50*$/.test(long.slice(-20)) && "02468".includes(lower.at(-1))) {
      printed = lower;
    }
  }
  return (isNegative(value) ? "-" : "") + printed;
}

/** As `round(value, places)`. */
export const rounded = (value, places) => Number(fixed(value, places));

/** As `round(value)`. */
export function roundHalfEven(value) {
  const above = Math.round(value);
  return above - value === 0.5 && above % 2 ? above - 1 : above;
}

/** Digits without zeros at their end. */
const trimmed = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

/** An exponent with at least two digits, as Python writes it. */
const exponent = (power) =>
  `e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;

/** As `f"{value:.{digits}g}"`. */
export function general(value, digits = 6) {
  if (value === 0) return Object.is(value, -0) ? "-0" : "0";
  const [mantissa, power] = value
    .toExponential(digits - 1)
    .split("e")
    .map(String);
  const e = Number(power);
  if (e < -4 || e >= digits) return trimmed(mantissa) + exponent(e);
  return trimmed(value.toFixed(digits - 1 - e));
}

/** As `repr` of a float, from its fewest digits in exponential notation, `1.5e+0`. */
function represented(shortest) {
  const [mantissa, power] = shortest.split("e");
  const e = Number(power);
  if (e < -4 || e >= 16) return mantissa + exponent(e);
  const sign = mantissa.startsWith("-") ? "-" : "";
  const digits = mantissa.replace(/[-.]/g, "");
  if (e < 0) return `${sign}0.${"0".repeat(-e - 1)}${digits}`;
  const padded = digits.padEnd(e + 1, "0");
  return `${sign}${padded.slice(0, e + 1)}.${padded.slice(e + 1) || "0"}`;
}

/** As `repr` of a float64. */
export const literal = (value) =>
  value === 0
    ? Object.is(value, -0)
      ? "-0.0"
      : "0.0"
    : represented(value.toExponential());

/** As `str` of a float32: the fewest digits that read back as the same. */
export function exact(value) {
  if (value === 0) return literal(value);
  const isExact = (digits) => f32(Number(value.toExponential(digits))) === value;
  // Few numbers have less than seven digits, so try six of them first.
  let digits = isExact(5) ? 0 : 6;
  while (digits < 8 && !isExact(digits)) digits += 1;
  return represented(value.toExponential(digits));
}

/** The sign that figures print, in place of a hyphen. */
export const MINUS = "−";
/** The digits after the point that figures usually print. */
const DECIMALS = 2;
/** From here on a float32 has no digits after the point. */
const LONG = 1e7;
/** From here on a whole number may have digits that its type cannot hold. */
const LONGEST = 1e15;

/**
 * One float32 as figures print it.
 *
 * - `places`: the usual number of digits after the point
 * - `maxChars`: the most characters, if possible
 */
export const printed = (value, places = DECIMALS, maxChars = 99) =>
  shortest(Number(exact(value)), places, maxChars).replaceAll("-", MINUS);

/** Whether a nonzero number needs more than the usual digits. */
export const isSmall = (value) => value !== 0 && Number(fixed(value, DECIMALS)) === 0;

/** A small number with an exponent. */
export const shortened = (value) =>
  printed(value, DECIMALS, "0e-0".length + (value < 0));

/** A number in as many digits as fit; with an exponent if it would else look like 0. */
function shortest(number, places, maxChars) {
  if (number === 0) return "0";
  let text = "0";
  // Small numbers get up to five digits after the point before they get an exponent.
  for (let digits = places; digits < 6; digits += 1) {
    const candidate = fixed(number, digits);
    // With more digits than usual, the first nonzero one must not come from rounding up.
    const seen = digits === places || Math.abs(number) >= Number(`1e-${digits}`);
    if (Number(candidate) && seen) {
      text = candidate;
      break;
    }
  }
  if (Math.abs(number) >= (places ? LONG : LONGEST)) {
    maxChars = Math.min(maxChars, "1.0e308".length + (number < 0));
  }
  if (Number(text) && text.length <= maxChars) return text;
  // With fewer digits it may fit.
  for (let digits = places; digits >= 0; digits -= 1) {
    text = fixed(number, digits);
    if (Number(text) && text.length <= maxChars) return text;
  }
  // Last with an exponent, and one digit after the point or none.
  for (const digits of [1, 0]) {
    const [mantissa, power] = number.toExponential(digits).split("e");
    text = `${mantissa}e${Number(power)}`;
    if (text.length <= maxChars) break;
  }
  return text;
}
