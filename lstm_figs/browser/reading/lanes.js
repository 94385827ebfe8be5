// The gates of a unit as rows of columns: `figures/reading/lanes.py`.

import { bound, path, textWidth } from "../twin/marks.js";
import { columns, VERBS } from "../twin/over_time.js";
import {
  FINE,
  label,
  LINE,
  NOTE,
  number,
  paragraph,
  sentence,
  SMALL,
  STRONG,
  width,
} from "../twin/words.js";

/** The gates in the order in which they act: keep, propose, write, show. */
export const ORDER = ["f", "g", "i", "o"];
/** A gate whose range is at most this hardly moves. */
const MAX_STILL_RANGE = 0.1;
/** The gap between rows, and the thickness of the line of a gate that hardly moves. */
const [ROW_GAP, LINE_WIDTH] = [6, 4];
/** The gaps between a line and its range, and between the words of a range. */
const [RANGE_GAP, WORD_GAP] = [6, 5];
/** The gap between a range and a vertical line that crosses the rows. */
const CLEAR_GAP = 8;
/** Where the verb of a gate begins, right of its letter. */
const VERB_X = 14;
/** The width of a character of a printed value, with a little space. */
const MIN_CHARACTER_WIDTH = 7.5;
/** The height of a row of printed values. */
const NUMBERS_HEIGHT = 15;
/** The colour strength of a column, in percent; arrows must stand out against it. */
const HUE_PERCENT = 72;
/** Print every value of at most this many steps, if each step is at least this wide. */
const [MAX_PRINTED_STEPS, MIN_PRINTED_WIDTH] = [8, 37.5];
/** Sequences shorter than this show columns even for gates that hardly move. */
const MIN_STILL_STEPS = 4;

/** Whether a gate stays nearly constant; the parameter is a `Vector` of it. */
export function isStill({ values }) {
  const moved = Math.max(...values) - Math.min(...values);
  return values.length >= MIN_STILL_STEPS && moved <= MAX_STILL_RANGE;
}

/**
 * The rows of a unit's gates: their `marks`, their `bottom`, and `below`, the bottom of
 * each gate's row.
 *
 * - `plan`: the layout, a `Plan`
 * - `steps`: the columns of the band, a `Steps`
 * - `y`: the top of the first row
 * - `numbers`: which values are printed: "every", "none", or "ends", the range of
 *   gates that are nearly constant
 * - `clearX`: the x of a line that no range may cover; null for none
 */
export function rows(plan, steps, y, unit, numbers, clearX) {
  const marks = [];
  // Gate -> the y below its row.
  const below = {};
  for (const gate of ORDER) {
    const lane = new Lane(plan, steps, gate, unit);
    const [rowMarks, height] =
      isStill(lane.allValues) && numbers === "ends"
        ? lane.line(y, clearX)
        : lane.columns(y, numbers === "every");
    marks.push(...rowMarks);
    y += height + ROW_GAP;
    below[gate] = y - ROW_GAP;
  }
  return { marks, bottom: y - ROW_GAP, below };
}

/**
 * The row of one gate of a unit over a band.
 *
 * - `plan, steps`: the layout of the figure, and the band
 * - `gate, unit`: the letter of the gate, and the unit
 * - `allValues, values`: the gate at all steps, and at those of the band
 */
class Lane {
  constructor(plan, steps, gate, unit) {
    Object.assign(this, { plan, steps, gate, unit });
    this.allValues = plan.subject.series(gate, unit);
    this.values = this.allValues.slice(steps.first, steps.stop);
  }

  /** The gate as one column a step, and its height. */
  columns(y, isPrinted) {
    const { steps, gate, values } = this;
    const id = `${gate}-{t}-${this.unit}`;
    const isSigned = gate === "g";
    const { laneHeight } = this.plan.sizes;
    const height = isSigned ? 2 * laneHeight : laneHeight;
    const marks = columns(steps, y, height, values, `gate-${gate}:${HUE_PERCENT}`, {
      id,
      term: gate,
      low: isSigned ? -1 : 0,
    });
    const numbers = isPrinted
      ? numbersOf(steps, y + height + NUMBERS_HEIGHT / 2, values, id, gate)
      : [];
    const of = [steps.columnId(id), ...numbers.map((number) => number.id)];
    const names = this.names(y + height / 2, of);
    return [
      [...marks, ...numbers, ...names],
      isPrinted ? height + NUMBERS_HEIGHT : height,
    ];
  }

  /** A line over all steps, interrupted by the range of the gate. */
  line(y, clearX) {
    const { steps, gate } = this;
    const level = y + NUMBERS_HEIGHT / 2;
    const numbers = this.ends(level);
    const toWidth = width("to", SMALL) + 2 * WORD_GAP;
    const digits = numbers.reduce((sum, number) => sum + textWidth(number), 0);
    const rangeWidth = digits + toWidth * (numbers.length - 1) + 2 * RANGE_GAP;
    const left = this.rangeLeft(rangeWidth, clearX);
    const { part } = this.values;
    const claim = `bool(${part}.max() - ${part}.min() < ${MAX_STILL_RANGE} + 1e-6)`;
    const line = path(
      [
        ["M", [steps.left, level]],
        ["L", [left, level]],
        ["M", [left + rangeWidth, level]],
        ["L", [steps.right, level]],
      ],
      {
        stroke: `gate-${gate}:45`,
        strokeWidth: LINE_WIDTH,
        id: `${gate}-${steps.first}-${this.unit}-line`,
        term: gate,
        bound: [bound.node(part), bound.says({ claim })],
      },
    );
    const texts = range(numbers, left + RANGE_GAP, level, toWidth);
    const of = numbers.map((number) => number.id);
    return [[line, ...texts, ...this.names(level, of)], NUMBERS_HEIGHT];
  }

  /** The smallest and the largest value, or one of them if they look the same. */
  ends(y) {
    const { values, part, scale } = this.allValues;
    const id = `${this.gate}-${this.steps.first}-${this.unit}`;
    const end = (name, suffix) =>
      number(
        0,
        y,
        {
          value: Math[name](...values),
          expr: `${part}.${name}()`,
          scale: Math.max(...scale),
        },
        {
          size: SMALL,
          anchor: "start",
          fill: "muted",
          id: `${id}-${suffix}`,
          term: this.gate,
        },
      );
    const [least, most] = [end("min", "least"), end("max", "most")];
    return least.content === most.content ? [least] : [least, most];
  }

  /** The left of the range, near the right end of the line. */
  rangeLeft(rangeWidth, clearX) {
    const { steps } = this;
    // The line goes on for two steps right of the range.
    const right = steps.right - 2 * steps.width;
    const left = Math.max(right - rangeWidth, steps.left);
    const end = left + rangeWidth;
    if (clearX === null || clearX <= left - RANGE_GAP || clearX >= end + RANGE_GAP) {
      return left;
    }
    const before = clearX - rangeWidth - CLEAR_GAP;
    return before >= steps.left ? before : clearX + CLEAR_GAP;
  }

  /** The letter of the gate, and its verb. */
  names(y, of) {
    const { gate, unit } = this;
    const [names, fill] = [{ gate, unit }, `gate-${gate}`];
    return [
      label(0, y, gate, names, of, "band", { style: STRONG, fill, term: gate }),
      label(VERB_X, y, VERBS[gate], names, of, "band", { style: FINE, fill }),
    ];
  }
}

/** One or two numbers from the left, with "to" between two. */
function range(numbers, x, y, toWidth) {
  const marks = [];
  numbers.forEach((number, k) => {
    if (k) {
      const [word] = paragraph(
        x + WORD_GAP,
        y - (LINE * SMALL) / NOTE / 2,
        sentence("to"),
        toWidth,
        { size: SMALL },
      );
      marks.push(word);
      x += toWidth;
    }
    marks.push({ ...number, x });
    x += textWidth(number);
  });
  return marks;
}

/**
 * Every value as a number, below the column of its step.
 *
 * - `steps`: the columns of the band, a `Steps`
 * - `y`: the middle of the numbers
 * - `values`: the value of each step, a `Vector`
 * - `id`: how their ids begin, with {t} for the step
 * - `term`: the name of the quantity
 */
export function numbersOf(steps, y, values, id, term) {
  const fill = ORDER.includes(term) ? `gate-${term}` : "ink";
  return steps.ts.map((t, k) =>
    number(steps.middle(t), y, values.at(k), {
      size: SMALL,
      maxChars: Math.trunc(steps.width / MIN_CHARACTER_WIDTH),
      fill,
      id: `${id.replace("{t}", t)}-value`,
      term,
    }),
  );
}

/**
 * Whether every value of c and the gates is printed: only if steps are few and wide.
 */
export function arePrinted(plan, steps) {
  const fit = (values) =>
    Math.max(...numbersOf(steps, 0, values, "c-{t}", "c").map(textWidth)) + 2 <=
    steps.width;
  return (
    plan.subject.steps.length <= MAX_PRINTED_STEPS &&
    steps.width >= MIN_PRINTED_WIDTH &&
    plan.units.every((unit) =>
      ["c", "i", "f", "g", "o"].every((name) =>
        fit(plan.subject.series(name, unit).slice(steps.first, steps.stop)),
      ),
    )
  );
}
