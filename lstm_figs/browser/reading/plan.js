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

/** What one form of the figure shows, and where. */
export class Plan {
  constructor(subject, width, units, reader, trainedRun, withGates) {
    Object.assign(this, { subject, width, units, reader, trainedRun, withGates });
    this.tokens = subject.tokens;
    this.isNarrow = width < MIN_WIDE_WIDTH;
    this.sizes = this.isNarrow ? NARROW_SIZES : WIDE_SIZES;
    this.spans = new Map(units.map((unit) => [unit, spanOf(this, unit)]));
    const lengths = [...this.spans.values()].map(([low, high]) => high - low);
    const { plotHeight } = this.sizes;
    this.pixels = Math.min(plotHeight / Math.max(MIN_SPAN, ...lengths), 2 * plotHeight);
    this.left = leftOf(this);
    this.allBands = wrapped(this);
    this.bands = visibleBands(this);
    this.visibleSteps = this.bands.flatMap((band) => band.ts);
    this.moves = new Map(
      units.map((unit) => [unit, movesOf(subject, unit, this.pixels)]),
    );
    const moves = [...this.moves.values()].flat();
    this.hasThinArrows =
      2 * new Set(moves.map((move) => move.t)).size > subject.steps.length;
    /** The steps whose tokens are bold. */
    this.boldSteps = new Set(
      moves
        .filter((move) => move.kind === "forget" || !this.hasThinArrows)
        .map((move) => move.t),
    );
  }

  band(t) {
    return this.bands.find((band) => band.has(t));
  }

  counts(unit) {
    return this.reader.countingUnit === unit;
  }

  hasArrow(move) {
    return !move || this.moves.get(move.unit).some(({ id }) => id === move.id);
  }

  arrows(steps, unit) {
    return this.moves.get(unit).filter((move) => steps.has(move.t));
  }

  /** The lowest and the highest value of a unit's plot. */
  valueRange(unit) {
    const [low, high] = this.spans.get(unit);
    const missing = this.sizes.minPlotHeight / this.pixels - (high - low);
    const more = Math.max(0, missing) / 2;
    return [low - more, high + more];
  }
}

/** The lowest and the highest value that a unit's plot must show. */
function spanOf(plan, unit) {
  const { subject, trainedRun } = plan;
  const values = [0, subject.steps[0].c_prev[unit], ...subject.series("c", unit).values];
  if (plan.counts(unit)) values.push(...subject.truth.depth);
  if (trainedRun?.units.includes(unit)) values.push(...trainedRun.values(unit));
  return [Math.min(...values), Math.max(...values)];
}

/** The width left of the steps, for the names of rows and the ticks. */
function leftOf({ isNarrow, pixels, reader, spans, units, withGates }) {
  const tickValues = [...spans.values()].flatMap((span) => ticks(...span, pixels));
  const tickWidth = Math.max(...tickValues.map((tick) => width(tickText(tick), SMALL)));
  const unitWidths = units.map((unit) => width(`unit ${unit}`, undefined, true));
  const above = isNarrow ? units.length : 1;
  const widths = [
    14 + tickWidth,
    ...unitWidths.slice(0, above).map((unitWidth) => 8 + unitWidth),
    ...unitWidths.slice(above).map((unitWidth) => 18 + tickWidth + unitWidth),
    ...(withGates ? [56] : []),
  ];
  if (withGates && !isNarrow) {
    widths.push(8 + Math.max(...reader.outputs.map((output) => width(output, SMALL))));
  }
  return Math.min(Math.max(...widths), 112);
}

/** All steps in as few rows as their characters fit into. */
function wrapped({ left, subject, tokens, width }) {
  const count = subject.steps.length;
  const space = innerWidth(width) - left;
  const minWidth = Math.max(MIN_LETTER_WIDTH, maxTokenWidth(tokens, SMALL));
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
function visibleBands({ allBands, subject, units }) {
  const moved = allBands.map((band) =>
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
  const order = shares.map((_, k) => k).sort((a, b) => shares[b] - shares[a] || a - b);
  return order
    .slice(0, MAX_BANDS)
    .sort((a, b) => a - b)
    .map((k) => allBands[k]);
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
