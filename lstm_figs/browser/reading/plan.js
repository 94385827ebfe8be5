// The layout of a sequence: `figures/reading/plan.py`.

import { rounded } from "../twin/numbers.js";
import { tickText } from "../twin/over_time.js";
import { SMALL, width } from "../twin/words.js";
import { movesOf } from "./moves.js";
import { movedIn, wrappingOf } from "./wrapping.js";

/** Figures narrower than this use the narrow form. */
const MIN_WIDE_WIDTH = 480;
/** The most bands to draw; in the narrow form, they fill two screens. */
const MAX_BANDS = 2;
/** With more units, only forgetting has arrows, which keeps the drawing small. */
const MAX_UNITS_WITH_WRITES = 4;
/** How far a tick may lie outside a plot, in pixels. */
const TICK_TOLERANCE = 0.4;
/** The least distance between two ticks. */
const MIN_TICK_GAP = 22;
/** A larger range of c has ticks at whole numbers alone. */
const MAX_FRACTION_SPAN = 1.5;
/** The space beside tick labels, and beside the name of a unit or an answer. */
const [TICK_LABEL_GAP, NAME_GAP] = [14, 8];
/** The width of the names of gates, and the greatest width left of the steps. */
const [GATE_NAMES_WIDTH, MAX_LEFT] = [56, 112];
/** The height of the plots is that of this range of c, even if c changes less. */
const MIN_SPAN = 0.5;

/**
 * The largest and the smallest height of a plot, the height of a row of columns, and
 * the gap between two units.
 */
const WIDE_SIZES = { plotHeight: 132, minPlotHeight: 50, laneHeight: 14, unitGap: 24 };
/** The same for the narrow form. */
const NARROW_SIZES = { plotHeight: 112, minPlotHeight: 30, laneHeight: 11, unitGap: 18 };

/**
 * What one form of the figure shows, and where.
 *
 * - `subject`: the run of the network
 * - `width`: the width of the figure
 * - `units`: the units that are drawn, from the top
 * - `reader`: the answers of the network, see `readerOf`
 * - `trainedRun`: c without the edits, see `trainedRunOf`; or null
 * - `withGates`: whether gates and answers are drawn, not only c
 * - `tokens`: the characters of the text
 * - `isNarrow`: whether it is the narrow form
 * - `sizes`: the sizes of the form
 * - `spans`: unit -> the lowest and highest value of its plot
 * - `pixels`: the height of a change of c by 1
 * - `left`: the width left of the steps, for names and ticks
 * - `allBands`: the rows of steps that the text needs, each a `Steps`
 * - `tokenRise`: how much higher rotated tokens reach than horizontal ones
 * - `bands`: those that are drawn
 * - `visibleSteps`: the steps that are drawn, from 0
 * - `moves`: unit -> its moves that have arrows
 * - `hasThinArrows`: whether arrows are thin, because most steps have some
 * - `boldSteps`: the steps whose tokens are bold, because they have an arrow
 */
export class Plan {
  constructor(subject, width, units, reader, trainedRun, withGates) {
    Object.assign(this, { subject, width, units, reader, trainedRun, withGates });
    this.tokens = subject.tokens;
    this.isNarrow = width < MIN_WIDE_WIDTH;
    this.sizes = this.isNarrow ? NARROW_SIZES : WIDE_SIZES;
    this.spans = new Map(units.map((unit) => [unit, spanOf(this, unit)]));
    const lengths = [...this.spans.values()].map(([low, high]) => high - low);
    const { plotHeight } = this.sizes;
    this.pixels = plotHeight / Math.max(MIN_SPAN, ...lengths);
    this.left = leftOf(this);
    Object.assign(this, wrappingOf(this));
    this.bands = visibleBands(this);
    this.visibleSteps = this.bands.flatMap((band) => band.ts);
    this.moves = new Map(units.map((unit) => [unit, drawnMoves(this, unit)]));
    const moves = [...this.moves.values()].flat();
    this.hasThinArrows =
      2 * new Set(moves.map((move) => move.t)).size > subject.steps.length;
    this.boldSteps = new Set(
      moves
        .filter((move) => move.kind === "forget" || !this.hasThinArrows)
        .map((move) => move.t),
    );
  }

  /** The band of a step; undefined if the step is not drawn. */
  band(t) {
    return this.bands.find((band) => band.has(t));
  }

  /** Whether c of a unit follows the number of open brackets. */
  counts(unit) {
    return this.reader.countingUnit === unit;
  }

  /** Whether a move has an arrow in this form; also true without a move. */
  hasArrow(move) {
    return !move || this.moves.get(move.unit).some(({ id }) => id === move.id);
  }

  /** The moves of a unit that have arrows in a band. */
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
  // The name of the first unit, in the narrow form of each, is above its ticks.
  const above = isNarrow ? units.length : 1;
  const widths = [
    TICK_LABEL_GAP + tickWidth,
    ...unitWidths.slice(0, above).map((unitWidth) => NAME_GAP + unitWidth),
    // The other names are beside their ticks.
    ...unitWidths.slice(above).map((unitWidth) => 18 + tickWidth + unitWidth),
    ...(withGates ? [GATE_NAMES_WIDTH] : []),
  ];
  if (withGates && !isNarrow) {
    widths.push(NAME_GAP + Math.max(...reader.outputs.map((output) => width(output, SMALL))));
  }
  return Math.min(Math.max(...widths), MAX_LEFT);
}

/** The moves of a unit that have arrows. */
function drawnMoves({ subject, pixels, units }, unit) {
  const moves = movesOf(subject, unit, pixels);
  if (units.length <= MAX_UNITS_WITH_WRITES) return moves;
  const forgetting = moves.filter((move) => move.kind === "forget");
  // Without arrows of writes, none of them is beside one.
  for (const move of forgetting) move.paired = false;
  return forgetting;
}

/** The bands in which most happens, in order. */
function visibleBands({ allBands, subject, units }) {
  const moved = allBands.map((band) => movedIn(band, subject, units));
  // If c never moves, every share is 0.
  const most = Math.max(...moved) || 1;
  const shares = moved.map((move) => rounded(move / most, 5));
  const order = shares.map((_, k) => k).sort((a, b) => shares[b] - shares[a] || a - b);
  return order
    .slice(0, MAX_BANDS)
    .sort((a, b) => a - b)
    .map((k) => allBands[k]);
}

/**
 * Round values from `low` to `high`, with 0, far enough apart for labels; `pixels` is
 * the height of 1.
 */
export function ticks(low, high, pixels) {
  const power = Math.floor(Math.log10(MIN_TICK_GAP / pixels));
  const [step, exponent] = [power, power + 1]
    .flatMap((e) => [1, 2, 5].map((nice) => [nice * Number(`1e${e}`), e]))
    .find(
      ([candidate]) =>
        candidate * pixels >= MIN_TICK_GAP && (candidate >= 1 || high - low < MAX_FRACTION_SPAN),
    );
  // A value that is missed by less than a pixel looks reached.
  const near = TICK_TOLERANCE / pixels / step;
  // The addition makes 0 of −0, which would be printed with its sign.
  const first = Math.ceil(low / step - near) + 0;
  const last = Math.floor(high / step + near);
  return Array.from({ length: last - first + 1 }, (_, k) =>
    rounded((first + k) * step, Math.max(0, -exponent)),
  );
}
