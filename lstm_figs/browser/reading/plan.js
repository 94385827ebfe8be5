// The layout of a text: `figures/reading/plan.py`, for characters only.

import { rounded } from "../twin/numbers.js";
import { maxTokenWidth, Steps, tickText } from "../twin/over_time.js";
import { movesOf } from "./moves.js";
import { innerWidth, SMALL, width } from "../twin/words.js";

const MIN_WIDE_WIDTH = 480;
const MAX_BANDS = 2;
const [MIN_LETTER_WIDTH, MAX_STEP_WIDTH] = [11, 150];
const TICK_TOLERANCE = 0.4;
const MIN_SPAN = 0.5;

const WIDE_SIZES = { plotHeight: 132, minPlotHeight: 50, laneHeight: 14, unitGap: 24 };
const NARROW_SIZES = { plotHeight: 80, minPlotHeight: 30, laneHeight: 11, unitGap: 18 };

/** Sizes, bands, scales and arrows of one form. */
export function plan(subject, width, units, reader, trainedRun, withGates) {
  const isNarrow = width < MIN_WIDE_WIDTH;
  const sizes = isNarrow ? NARROW_SIZES : WIDE_SIZES;
  const spans = new Map(
    units.map((unit) => [unit, span(subject, unit, reader, trainedRun)]),
  );
  const lengths = [...spans.values()].map(([low, high]) => high - low);
  const pixels = Math.min(
    sizes.plotHeight / Math.max(MIN_SPAN, ...lengths),
    2 * sizes.plotHeight,
  );
  const left = gutter(isNarrow, units, reader, withGates, pixels, [...spans.values()]);
  const moves = new Map(units.map((unit) => [unit, movesOf(subject, unit, pixels)]));
  const allBands = wrapped(subject, innerWidth(width) - left, left);
  const bands = visibleBands(subject, units, allBands);
  const drawnMoves = [...moves.values()].flat();
  const hasThinArrows =
    2 * new Set(drawnMoves.map((move) => move.t)).size > subject.steps.length;
  return {
    subject,
    width,
    units,
    reader,
    trainedRun,
    withGates,
    isNarrow,
    sizes,
    left,
    bands,
    allBands,
    pixels,
    moves,
    hasThinArrows,
    /** The steps whose tokens are bold. */
    boldSteps: new Set(
      drawnMoves
        .filter((move) => move.kind === "forget" || !hasThinArrows)
        .map((move) => move.t),
    ),
    tokens: subject.tokens,
    band: (t) => bands.find((band) => band.has(t)),
    visibleSteps: bands.flatMap((band) => band.ts),
    counts: (unit) => reader.countingUnit === unit,
    arrows: (steps, unit) => moves.get(unit).filter((move) => steps.has(move.t)),
    /** The lowest and the highest value of a unit's plot. */
    valueRange: (unit) => {
      const [low, high] = spans.get(unit);
      const more = Math.max(0, sizes.minPlotHeight / pixels - (high - low)) / 2;
      return [low - more, high + more];
    },
  };
}

/** The lowest and the highest value that a unit's plot must show. */
function span(subject, unit, reader, trainedRun) {
  const values = [0, ...subject.series("c", unit).values];
  if (reader.countingUnit === unit) values.push(...subject.truth.depth);
  if (trainedRun?.units.includes(unit)) values.push(...trainedRun.values(unit));
  return [Math.min(...values), Math.max(...values)];
}

/** Round values from `low` to `high`, with 0, far enough apart for labels. */
export function ticks(low, high, pixels) {
  const power = Math.floor(Math.log10(22 / pixels));
  const [step, exponent] = [power, power + 1]
    .flatMap((e) => [1, 2, 5].map((nice) => [nice * Number(`1e${e}`), e]))
    .find(
      ([candidate]) => candidate * pixels >= 22 && (candidate >= 1 || high - low < 1.5),
    );
  // A value that is missed by less than a pixel looks reached.
  const near = TICK_TOLERANCE / pixels / step;
  const first = Math.ceil(low / step - near) + 0;
  const last = Math.floor(high / step + near);
  return Array.from({ length: last - first + 1 }, (_, k) =>
    rounded((first + k) * step, Math.max(0, -exponent)),
  );
}

/** The width left of the steps, for the names of rows and the ticks. */
function gutter(isNarrow, units, reader, withGates, pixels, spans) {
  const tickValues = spans.flatMap((span) => ticks(...span, pixels));
  const tickWidth = Math.max(...tickValues.map((tick) => width(tickText(tick), SMALL)));
  const unitWidth = (unit) => width(`unit ${unit}`, undefined, true);
  const above = isNarrow ? units.length : 1;
  const nameWidths = [
    14 + tickWidth,
    ...units.slice(0, above).map((unit) => 8 + unitWidth(unit)),
    ...units.slice(above).map((unit) => 18 + tickWidth + unitWidth(unit)),
    ...(withGates ? [56] : []),
  ];
  if (withGates && !isNarrow) {
    nameWidths.push(
      8 + Math.max(...reader.outputs.map((output) => width(output, SMALL))),
    );
  }
  return Math.min(Math.max(...nameWidths), 112);
}

/** All steps in as few rows as their characters fit into. */
function wrapped(subject, space, left) {
  const count = subject.steps.length;
  const minWidth = Math.max(MIN_LETTER_WIDTH, maxTokenWidth(subject.tokens, SMALL));
  const rows = Math.ceil(count / Math.max(1, Math.trunc(space / minWidth)));
  const stepsPerRow = Math.ceil(count / rows);
  const stepWidth = Math.min(MAX_STEP_WIDTH, space / stepsPerRow);
  const bands = [];
  for (let first = 0; first < count; first += stepsPerRow) {
    bands.push(new Steps(first, Math.min(stepsPerRow, count - first), left, stepWidth));
  }
  return bands;
}

/** The bands in which c changes most, in order. */
function visibleBands(subject, units, bands) {
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
  const shares = moved.map((move) => rounded(move / most, 5));
  const order = bands.map((_, k) => k).sort((a, b) => shares[b] - shares[a] || a - b);
  return order
    .slice(0, MAX_BANDS)
    .sort((a, b) => a - b)
    .map((k) => bands[k]);
}
