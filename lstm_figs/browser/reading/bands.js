// One row of steps: the tokens, the units, the answers: `figures/reading/bands.py`.

import { bound, path, shift, textLeft, textWidth } from "../twin/marks.js";
import { stepLabels } from "../twin/over_time.js";
import {
  FINE,
  innerWidth,
  label,
  number,
  operator,
  paragraph,
  sentence,
  SMALL,
  STRONG,
} from "../twin/words.js";
import { answers, shades } from "./answers.js";
import { tokens } from "./headings.js";
import { BAR_HEIGHT, bars, line, wordsLeft, wordsOf } from "./inhibitions.js";
import { arePrinted, numbersOf, rows } from "./lanes.js";
import { shares, written } from "./moves.js";
import { plot, TICK_GAP } from "./plot.js";

/** The height of the row of characters. */
const TOKENS_HEIGHT = 30;
/**
 * The gap between a plot and its gates, and the heights of a row of printed values and
 * of the row of step numbers.
 */
const [GATES_GAP, NUMBERS_HEIGHT, STEPS_HEIGHT] = [10, 22, 20];
/** The gap between two axes, so that their outermost tick labels do not touch. */
const AXIS_GAP = 8;
/** The gaps between two bands, and between gates and the words on the weight. */
const [BAND_GAP, WEIGHT_GAP] = [24, 24];
/** The height of the heading of a later part, and of the words on a largest write. */
const [PART_HEADING_HEIGHT, LARGEST_HEIGHT] = [30, 22];
/** How far shades begin above the tokens, which are this far below the top of a unit. */
const [SHADE_OVERHANG, TOKENS_MIDDLE] = [4, 9];
/** From the gates to the answers, and to the middle of the step numbers. */
const [ANSWERS_GAP, STEPS_MIDDLE] = [14, 12];
/** The gap between words and the dotted line of an inhibition. */
const LINE_GAP = 6;

/**
 * The marks of all visible bands, their bottom, and the extent of each band. `plan` and
 * `notes` are those of one form, see `formNotes`.
 */
export function bands(plan, notes) {
  const marks = [];
  const ends = [];
  let y = 0;
  for (const steps of plan.bands) {
    if (steps.first) {
      marks.push(...partHeading(plan, steps, y));
      y += PART_HEADING_HEIGHT;
    }
    const [parts, bottom] = new Band(plan, steps, notes).draw(y);
    marks.push(...parts);
    ends.push({ steps, top: y, bottom });
    y = bottom + BAND_GAP;
  }
  return [marks, y - BAND_GAP, ends];
}

/** The rule and the heading above a later part of the sequence. */
function partHeading(plan, steps, y) {
  const [count, width] = [plan.subject.steps.length, innerWidth(plan.width)];
  const ends = [steps.first + 1, steps.stop].map((label) => [
    label,
    `len(x) - ${count - label}`,
  ]);
  const [heading] = paragraph(0, y + 8, sentence("steps {} to {}", ends), width, {
    size: SMALL,
  });
  const rule = path(
    [
      ["M", [0, y]],
      ["L", [width, y]],
    ],
    {
      stroke: "ink",
      strokeWidth: 1.5,
      id: `part-${steps.first}`,
      bound: [bound.node(`x[${steps.first}:${steps.stop}]`)],
    },
  );
  return [rule, heading];
}

/** One row of steps with all its parts. */
class Band {
  constructor(plan, steps, notes) {
    Object.assign(this, { plan, steps, notes });
    const { inhibition } = notes;
    this.inhibition = inhibition && steps.has(inhibition.t) ? inhibition : null;
    /** The bottom of the bars under the gate that the next unit shuts. */
    this.shutBottom = 0;
  }

  /** The marks of the band, and their bottom. */
  draw(top) {
    const { plan, steps } = this;
    const marks = [];
    let y = top;
    for (const unit of plan.units) {
      const [unitMarks, bottom] = this.unit(unit, y);
      marks.push(...unitMarks);
      y = bottom;
    }
    if (plan.withGates) {
      const [answerMarks, bottom] = answers(plan, plan.reader, steps, y + ANSWERS_GAP);
      marks.push(...answerMarks);
      y = bottom;
    }
    const of = plan.units.map((unit) => `c-${steps.first}-${unit}`);
    marks.push(...stepLabels(steps, y + STEPS_MIDDLE, of));
    y += STEPS_HEIGHT;
    return [[...shades(plan.subject, steps, top - SHADE_OVERHANG, y), ...marks], y];
  }

  /** A unit: its name, its plot and its gates. */
  unit(unit, y) {
    const { plan, steps, notes, inhibition } = this;
    const isLast = unit === plan.units.at(-1);
    const [marks, plotTop] = this.above(unit, y);
    y = plotTop;
    if (notes.unnumberedUnits.includes(unit) && steps === plan.bands[0]) {
      marks.push(...this.clearOfLine(this.largest(unit, y), unit));
      y += LARGEST_HEIGHT;
    }
    const [parts, scale] = plot(plan, steps, y, unit, notes.placed(steps, unit));
    marks.push(...parts);
    if (inhibition?.source === unit) {
      const c = plan.subject.steps[inhibition.t].c_prev[unit];
      marks.push(...line(inhibition, steps, scale, c, this.shutBottom));
    }
    y = scale.start + GATES_GAP;
    if (!plan.withGates) return [marks, isLast || plan.isNarrow ? y : y + AXIS_GAP];
    const [gateMarks, bottom] = this.gates(unit, y);
    marks.push(...gateMarks);
    return [marks, isLast ? bottom : bottom + plan.sizes.unitGap];
  }

  /** The name of a unit, and the tokens if they are above its plot. */
  above(unit, y) {
    const { plan, steps } = this;
    if (unit !== plan.units[0] && !plan.isNarrow) {
      return [[name(steps, unit, y + 2)], y];
    }
    y += plan.tokenRise;
    return [
      [...tokens(plan, steps, y + TOKENS_MIDDLE), name(steps, unit, y + TOKENS_MIDDLE)],
      y + TOKENS_HEIGHT,
    ];
  }

  /** The gates of a unit, and the inhibition of its input gate. */
  gates(unit, y) {
    const { plan, steps, notes } = this;
    const marks = [];
    let numbers = notes.printed ? "none" : "ends";
    if (notes.printed && arePrinted(plan, steps)) {
      numbers = "every";
      marks.push(...this.values(unit, y));
      y += NUMBERS_HEIGHT;
    }
    const inhibition = this.inhibition?.target === unit ? this.inhibition : null;
    const clearX = inhibition ? steps.edge(inhibition.t) : null;
    const gateRows = rows(plan, steps, y, unit, numbers, clearX);
    marks.push(...gateRows.marks);
    const barsTop = gateRows.below.i + 1;
    this.shutBottom = barsTop + BAR_HEIGHT;
    if (notes.inhibition?.target === unit) {
      marks.push(...bars(notes.inhibition, steps, barsTop));
    }
    if (!inhibition) return [marks, gateRows.bottom];
    const [weightWords, bottom] = wordsOf(
      inhibition,
      plan.subject,
      steps,
      gateRows.bottom + WEIGHT_GAP,
      innerWidth(plan.width),
    );
    return [[...marks, ...weightWords], bottom];
  }

  /** The largest write of a unit without notes. */
  largest(unit, y) {
    const writes = written(this.plan.subject, unit);
    const sizes = shares(writes.values.map(Math.abs));
    const t = sizes.indexOf(Math.max(...sizes));
    const [id, value] = [`largest-${unit}`, writes.at(t)];
    const claim =
      `bool(abs(${value.expr}) >= ` +
      // 0.9999 allows for float errors.
      `${writes.part}.abs().nan_to_num(0, 0).max() * 0.9999)`;
    let x = this.steps.left + 2;
    const caption = label(
      x,
      y,
      "added to c at most: i·g",
      { tensor: "i*g", unit },
      [id],
      "row",
      { style: FINE, says: { claim } },
    );
    // The middle of the equals sign, between the caption and the number.
    x += textWidth(caption) + 10;
    const printed = number(x + 10, y, value, {
      size: SMALL,
      anchor: "start",
      fill: "muted",
      id,
      term: "i",
    });
    const step = t + 1;
    const at = label(
      x + 16 + textWidth(printed),
      y,
      `step ${step}`,
      { step },
      [id],
      "row",
      { style: FINE },
    );
    return [caption, operator(x, y, "="), printed, at];
  }

  /** Move words beside the line of an inhibition; drop them if neither side fits. */
  clearOfLine(row, unit) {
    if (this.inhibition?.source !== unit) return row;
    const x = this.steps.edge(this.inhibition.t);
    const left = textLeft(row[0]);
    const right = textLeft(row.at(-1)) + textWidth(row.at(-1));
    if (!(left - LINE_GAP < x && x < right + LINE_GAP)) return row;
    const start = wordsLeft(x, right - left, innerWidth(this.plan.width), LINE_GAP);
    if (start === null) return [];
    return row.map((mark) => shift(mark, start - left, 0));
  }

  /** The values of c as a row of numbers. */
  values(unit, y) {
    const { plan, steps } = this;
    const c = plan.subject.series("c", unit).slice(steps.first, steps.stop);
    const row = numbersOf(steps, y + 6, c, `c-{t}-${unit}`, "c");
    const name = label(
      steps.left - TICK_GAP,
      y + 6,
      "c",
      { tensor: "c", unit },
      row.map((number) => number.id),
      "row",
      { style: FINE, fill: "ink", anchor: "end" },
    );
    return [...row, name];
  }
}

/** The name of a unit, above its plot. */
const name = (steps, unit, y) =>
  label(0, y, `unit ${unit}`, { unit }, [`c-${steps.first}-${unit}`], "block", {
    style: STRONG,
  });
