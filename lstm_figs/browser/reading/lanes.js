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

export const ORDER = ["f", "g", "i", "o"];
const MAX_STILL_RANGE = 0.1;
const [ROW_GAP, LINE_WIDTH] = [6, 4];
const NUMBERS_HEIGHT = 15;
const HUE_PERCENT = 72;
const [MAX_PRINTED_STEPS, MIN_PRINTED_WIDTH] = [8, 37.5];
const MIN_STILL_STEPS = 4;

/** Whether a gate stays nearly constant. */
export function isStill({ values }) {
  const moved = Math.max(...values) - Math.min(...values);
  return values.length >= MIN_STILL_STEPS && moved <= MAX_STILL_RANGE;
}

/**
 * The rows of a unit's gates, from `y` on.
 *
 * `numbers` says which values are printed: "every", "none", or "ends", the range of
 * gates that are nearly constant. No range may cover `clearX`.
 */
export function rows(plan, steps, y, unit, numbers, clearX) {
  const marks = [];
  const below = {};
  for (const gate of ORDER) {
    const values = plan.subject.series(gate, unit);
    const [rowMarks, height] =
      isStill(values) && numbers === "ends"
        ? line(plan, steps, y, gate, unit, clearX)
        : gateColumns(plan, steps, y, gate, unit, numbers === "every");
    marks.push(...rowMarks);
    y += height + ROW_GAP;
    below[gate] = y - ROW_GAP;
  }
  return { marks, bottom: y - ROW_GAP, below };
}

function gateColumns(plan, steps, y, gate, unit, isPrinted) {
  const signed = gate === "g";
  const height = plan.sizes.laneHeight * (1 + signed);
  const id = `${gate}-{t}-${unit}`;
  const values = plan.subject.series(gate, unit).slice(steps.first, steps.stop);
  const low = signed ? -1 : 0;
  const marks = columns(steps, y, height, values, `gate-${gate}:${HUE_PERCENT}`, {
    id,
    term: gate,
    low,
  });
  const numbers = isPrinted
    ? numbersOf(steps, y + height + NUMBERS_HEIGHT / 2, values, id, gate)
    : [];
  const of = [steps.columnId(id), ...numbers.map((number) => number.id)];
  const names = named(y + height / 2, gate, unit, of);
  return [[...marks, ...numbers, ...names], height + NUMBERS_HEIGHT * isPrinted];
}

/** A line over all steps, interrupted by the range of the gate. */
function line(plan, steps, y, gate, unit, clearX) {
  const allValues = plan.subject.series(gate, unit);
  const { part } = allValues.slice(steps.first, steps.stop);
  const level = y + NUMBERS_HEIGHT / 2;
  const id = `${gate}-${steps.first}-${unit}`;
  const [texts, left, right] = range(steps, level, allValues, id, clearX);
  const claim = `bool(${part}.max() - ${part}.min() < ${MAX_STILL_RANGE} + 1e-6)`;
  const line = path(
    [
      ["M", [steps.left, level]],
      ["L", [left, level]],
      ["M", [right, level]],
      ["L", [steps.right, level]],
    ],
    {
      stroke: `gate-${gate}:45`,
      strokeWidth: LINE_WIDTH,
      id: `${id}-line`,
      term: gate,
      bound: [bound.node(part), bound.says({ claim })],
    },
  );
  const of = texts.filter((text) => text.number).map((text) => text.id);
  return [[line, ...texts, ...named(level, gate, unit, of)], NUMBERS_HEIGHT];
}

/** The smallest and the largest value, and their left and right ends. */
function range(steps, y, allValues, id, clearX) {
  const scale = Math.max(...allValues.scale);
  const end = (name, suffix) =>
    number(
      0,
      y,
      {
        value: Math[name](...allValues.values),
        expr: `${allValues.part}.${name}()`,
        scale,
      },
      {
        size: SMALL,
        anchor: "start",
        fill: "muted",
        id: `${id}-${suffix}`,
        term: id[0],
      },
    );
  let numbers = [end("min", "least"), end("max", "most")];
  if (numbers[0].content === numbers[1].content) numbers = numbers.slice(0, 1);
  const to = width("to", SMALL) + 10;
  const digits = numbers.reduce((sum, number) => sum + textWidth(number), 0);
  const rangeWidth = digits + to * (numbers.length - 1) + 12;
  const right = steps.right - 2 * steps.width;
  let left = Math.max(right - rangeWidth, steps.left);
  if (clearX !== null && left - 6 < clearX && clearX < left + rangeWidth + 6) {
    left = clearX - rangeWidth - 8;
    if (left < steps.left) left = clearX + 8;
  }
  const marks = [];
  let x = left + 6;
  numbers.forEach((number, k) => {
    if (k) {
      const [word] = paragraph(
        x + 5,
        y - (LINE * SMALL) / NOTE / 2,
        sentence("to"),
        to,
        { size: SMALL },
      );
      marks.push(word);
      x += to;
    }
    marks.push({ ...number, x });
    x += textWidth(number);
  });
  return [marks, left, left + rangeWidth];
}

/** Every value as a number, below the column of its step. */
export function numbersOf(steps, y, values, id, term) {
  const fill = ORDER.includes(term) ? `gate-${term}` : "ink";
  return steps.ts.map((t, k) =>
    number(steps.middle(t), y, values.at(k), {
      size: SMALL,
      maxChars: Math.trunc(steps.width / 7.5),
      fill,
      id: `${id.replace("{t}", t)}-value`,
      term,
    }),
  );
}

/** Whether every value is printed: only if steps are few and wide. */
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

/** The letter of a gate, and its verb. */
function named(y, gate, unit, of) {
  const [names, fill] = [{ gate, unit }, `gate-${gate}`];
  return [
    label(0, y, gate, names, of, "band", { style: STRONG, fill, term: gate }),
    label(14, y, VERBS[gate], names, of, "band", { style: FINE, fill }),
  ];
}
