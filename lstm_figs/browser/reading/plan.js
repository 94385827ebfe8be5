// How a text is laid out: `figures/reading/plan.py`, of characters alone.

import { rounded } from "../twin/numbers.js";
import { said, Steps, widest } from "../twin/over_time.js";
import { movesOf } from "./moves.js";
import { inner, SMALL, width } from "../twin/words.js";

const NARROW = 480;
const MOST = 2;
const [LEAST, WIDEST] = [11, 150];
const HALF = 0.4;
const FLATTEST = 0.5;

const WIDE_SIZES = { plot: 132, least: 50, lane: 14, between: 24 };
const NARROW_SIZES = { plot: 80, least: 30, lane: 11, between: 18 };

/** Where everything is that is drawn. */
export function plan(subject, room, units, reader, ghost, withGates) {
  const narrow = room < NARROW;
  const sizes = narrow ? NARROW_SIZES : WIDE_SIZES;
  const spans = new Map(units.map((unit) => [unit, spanOf(subject, unit, reader, ghost)]));
  const lengths = [...spans.values()].map(([low, high]) => high - low);
  const pixels = Math.min(sizes.plot / Math.max(FLATTEST, ...lengths), 2 * sizes.plot);
  const left = gutter(narrow, units, reader, withGates, pixels, [...spans.values()]);
  const moves = new Map(units.map((unit) => [unit, movesOf(subject, unit, pixels)]));
  const every = broken(subject, inner(room) - left, left);
  const bands = mostMoved(subject, units, every);
  const drawn = [...moves.values()].flat();
  const thin = 2 * new Set(drawn.map((move) => move.t)).size > subject.steps.length;
  return {
    subject,
    room,
    units,
    reader,
    ghost,
    withGates,
    narrow,
    sizes,
    left,
    bands,
    every,
    pixels,
    moves,
    thin,
    /** The steps whose tokens are bold. */
    strong: new Set(
      drawn.filter((move) => move.kind === "forget" || !thin).map((move) => move.t),
    ),
    read: subject.tokens,
    band: (t) => bands.find((band) => band.has(t)),
    shown: bands.flatMap((band) => band.ts),
    counts: (unit) => reader.counting === unit,
    arrows: (steps, unit) => moves.get(unit).filter((move) => steps.has(move.t)),
    /** The lowest and the highest value that a plot has room for. */
    reach: (unit) => {
      const [low, high] = spans.get(unit);
      const more = Math.max(0, sizes.least / pixels - (high - low)) / 2;
      return [low - more, high + more];
    },
  };
}

/** What the plot of a unit has to hold. */
function spanOf(subject, unit, reader, ghost) {
  const values = [0, ...subject.series("c", unit).values];
  if (reader.counting === unit) values.push(...subject.truth.depth);
  if (ghost?.units.includes(unit)) values.push(...ghost.values(unit));
  return [Math.min(...values), Math.max(...values)];
}

/** Round values from `low` to `high`, 0 among them, that stand apart. */
export function ticks(low, high, pixels) {
  const power = Math.floor(Math.log10(22 / pixels));
  const [step, exponent] = [power, power + 1]
    .flatMap((e) => [1, 2, 5].map((nice) => [nice * Number(`1e${e}`), e]))
    .find(([one]) => one * pixels >= 22 && (one >= 1 || high - low < 1.5));
  // What is nearly reached is seen to be reached.
  const near = HALF / pixels / step;
  const first = Math.ceil(low / step - near) + 0;
  const last = Math.floor(high / step + near);
  return Array.from({ length: last - first + 1 }, (_, k) =>
    rounded((first + k) * step, Math.max(0, -exponent)),
  );
}

/** The width left of the steps: what rows are called, and ticks. */
function gutter(narrow, units, reader, withGates, pixels, spans) {
  const every = spans.flatMap((span) => ticks(...span, pixels));
  const ticked = Math.max(...every.map((one) => width(said(one), SMALL)));
  const unitWidth = (unit) => width(`unit ${unit}`, undefined, true);
  const above = narrow ? units.length : 1;
  const found = [
    14 + ticked,
    ...units.slice(0, above).map((unit) => 8 + unitWidth(unit)),
    ...units.slice(above).map((unit) => 18 + ticked + unitWidth(unit)),
    ...(withGates ? [56] : []),
  ];
  if (withGates && !narrow) {
    found.push(8 + Math.max(...reader.outputs.map((one) => width(one, SMALL))));
  }
  return Math.min(Math.max(...found), 112);
}

/** All steps in as few rows as characters have room in. */
function broken(subject, space, left) {
  const count = subject.steps.length;
  const least = Math.max(LEAST, widest(subject.tokens, SMALL));
  const rows = Math.ceil(count / Math.max(1, Math.trunc(space / least)));
  const each = Math.ceil(count / rows);
  const step = Math.min(WIDEST, space / each);
  const bands = [];
  for (let first = 0; first < count; first += each) {
    bands.push(new Steps(first, Math.min(each, count - first), left, step));
  }
  return bands;
}

/** The bands in which c moves most, in their order. */
function mostMoved(subject, units, bands) {
  const moved = bands.map((band) =>
    band.ts.reduce(
      (sum, t) =>
        units.reduce((all, unit) => {
          const { c, c_prev: before } = subject.steps[t];
          return all + Math.abs(Math.fround(c[unit] - before[unit]));
        }, sum),
      0,
    ),
  );
  const most = Math.max(...moved) || 1;
  const shares = moved.map((one) => rounded(one / most, 5));
  const order = bands.map((_, k) => k).sort((a, b) => shares[b] - shares[a] || a - b);
  return order
    .slice(0, MOST)
    .sort((a, b) => a - b)
    .map((k) => bands[k]);
}
