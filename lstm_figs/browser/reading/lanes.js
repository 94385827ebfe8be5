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
const STILL = 0.1;
const [APART, THICK] = [6, 4];
const ROW = 15;
const TINT = 72;
const [FEW, ROOMY] = [8, 37.5];
const FEWEST = 4;

/** Whether a gate hardly moves in all of its steps. */
export function isStill({ values }) {
  const moved = Math.max(...values) - Math.min(...values);
  return values.length >= FEWEST && moved <= STILL;
}

/** The rows of a unit's gates, from `y` on; `numbers` is which are printed. */
export function rows(plan, steps, y, unit, numbers, clear) {
  const marks = [];
  const below = {};
  for (const gate of ORDER) {
    const every = plan.subject.series(gate, unit);
    const [drawn, height] =
      isStill(every) && numbers === "ends"
        ? stillLine(plan, steps, y, gate, unit, clear)
        : gateColumns(plan, steps, y, gate, unit, numbers === "every");
    marks.push(...drawn);
    y += height + APART;
    below[gate] = y - APART;
  }
  return { marks, bottom: y - APART, below };
}

function gateColumns(plan, steps, y, gate, unit, isPrinted) {
  const signed = gate === "g";
  const height = plan.sizes.lane * (1 + signed);
  const id = `${gate}-{t}-${unit}`;
  const values = plan.subject.series(gate, unit).slice(steps.first, steps.stop);
  const low = signed ? -1 : 0;
  const marks = columns(steps, y, height, values, `gate-${gate}:${TINT}`, {
    id,
    term: gate,
    low,
  });
  const numbers = isPrinted
    ? numbersOf(steps, y + height + ROW / 2, values, id, gate)
    : [];
  const of = [steps.columnId(id), ...numbers.map((one) => one.id)];
  const names = gateNames(y + height / 2, gate, unit, of);
  return [[...marks, ...numbers, ...names], height + ROW * isPrinted];
}

/** A line over all steps, and in it the range of its gate. */
function stillLine(plan, steps, y, gate, unit, clear) {
  const every = plan.subject.series(gate, unit);
  const { part } = every.slice(steps.first, steps.stop);
  const level = y + ROW / 2;
  const id = `${gate}-${steps.first}-${unit}`;
  const [texts, left, right] = rangeOf(steps, level, every, id, clear);
  const claim = `bool(${part}.max() - ${part}.min() < ${STILL} + 1e-6)`;
  const line = path(
    [
      ["M", [steps.left, level]],
      ["L", [left, level]],
      ["M", [right, level]],
      ["L", [steps.right, level]],
    ],
    {
      stroke: `gate-${gate}:45`,
      strokeWidth: THICK,
      id: `${id}-line`,
      term: gate,
      bound: [bound.node(part), bound.says({ claim })],
    },
  );
  const of = texts.filter((one) => one.number).map((one) => one.id);
  return [[line, ...texts, ...gateNames(level, gate, unit, of)], ROW];
}

/** The least and the largest value, and where they begin and end. */
function rangeOf(steps, y, every, id, clear) {
  const scale = Math.max(...every.scale);
  const end = (name, called) =>
    number(
      0,
      y,
      {
        value: Math[name](...every.values),
        expr: `${every.part}.${name}()`,
        scale,
      },
      {
        size: SMALL,
        anchor: "start",
        fill: "muted",
        id: `${id}-${called}`,
        term: id[0],
      },
    );
  let numbers = [end("min", "least"), end("max", "most")];
  if (numbers[0].content === numbers[1].content) numbers = numbers.slice(0, 1);
  const to = width("to", SMALL) + 10;
  const digits = numbers.reduce((sum, one) => sum + textWidth(one), 0);
  const wide = digits + to * (numbers.length - 1) + 12;
  const right = steps.right - 2 * steps.width;
  let left = Math.max(right - wide, steps.left);
  if (clear !== null && left - 6 < clear && clear < left + wide + 6) {
    left = clear - wide - 8;
    if (left < steps.left) left = clear + 8;
  }
  const marks = [];
  let x = left + 6;
  numbers.forEach((one, k) => {
    if (k) {
      const [said] = paragraph(
        x + 5,
        y - (LINE * SMALL) / NOTE / 2,
        sentence("to"),
        to,
        { size: SMALL },
      );
      marks.push(said);
      x += to;
    }
    marks.push({ ...one, x });
    x += textWidth(one);
  });
  return [marks, left, left + wide];
}

/** Every value in a number, below the column of its step. */
export function numbersOf(steps, y, values, id, term) {
  const fill = ORDER.includes(term) ? `gate-${term}` : "ink";
  return steps.ts.map((t, k) =>
    number(steps.middle(t), y, values.at(k), {
      size: SMALL,
      room: Math.trunc(steps.width / 7.5),
      fill,
      id: `${id.replace("{t}", t)}-value`,
      term,
    }),
  );
}

/** Whether every value is printed, since steps are few and wide. */
export function arePrinted(plan, steps) {
  const fit = (values) =>
    Math.max(...numbersOf(steps, 0, values, "c-{t}", "c").map(textWidth)) + 2 <=
    steps.width;
  return (
    plan.subject.steps.length <= FEW &&
    steps.width >= ROOMY &&
    plan.units.every((unit) =>
      ["c", "i", "f", "g", "o"].every((name) =>
        fit(plan.subject.series(name, unit).slice(steps.first, steps.stop)),
      ),
    )
  );
}

/** The letter of a gate, and what it does. */
function gateNames(y, gate, unit, of) {
  const [names, fill] = [{ gate, unit }, `gate-${gate}`];
  return [
    label(0, y, gate, names, of, "band", { style: STRONG, fill, term: gate }),
    label(14, y, VERBS[gate], names, of, "band", { style: FINE, fill }),
  ];
}
