// One row of steps: what is read, its units, what is answered:
// `figures/reading/bands.py`.

import { bound, path, shift, textLeft, textWidth } from "../twin/marks.js";
import { named, tokens, widest } from "../twin/over_time.js";
import {
  FINE,
  inner,
  label,
  number,
  operator,
  paragraph,
  sentence,
  SMALL,
  STRONG,
} from "../twin/words.js";
import { answers, shades } from "./answers.js";
import { BAR, bars, beside, brakeLine, wordsOf } from "./inhibitions.js";
import { arePrinted, numbersOf, rows } from "./lanes.js";
import { shares, written } from "./moves.js";
import { plot } from "./plot.js";

const LETTER = 16;
const TOKENS = 30;
const [BELOW, NUMBERS, STEPS] = [10, 22, 20];
const TICKS = 8;
const [APART, WEIGHT] = [24, 24];
const CLEAR = 6;

/** All bands that are drawn, their bottom, and where each begins and ends. */
export function bands(plan, told) {
  const marks = [];
  const ends = [];
  let y = 0;
  for (const steps of plan.bands) {
    if (steps.first) {
      marks.push(...begin(plan, steps, y));
      y += 30;
    }
    const [drawn, bottom] = band(plan, steps, y, told);
    marks.push(...drawn);
    ends.push({ steps, top: y, bottom });
    y = bottom + APART;
  }
  return [marks, y - APART, ends];
}

/** What says that another part of the sequence begins. */
function begin(plan, steps, y) {
  const [count, room] = [plan.subject.steps.length, inner(plan.room)];
  const ends = [steps.first + 1, steps.stop].map((one) => [
    one,
    `len(x) - ${count - one}`,
  ]);
  const [said] = paragraph(0, y + 8, sentence("steps {} to {}", ends), room, {
    size: SMALL,
  });
  const rule = path([["M", [0, y]], ["L", [room, y]]], {
    stroke: "ink",
    strokeWidth: 1.5,
    id: `part-${steps.first}`,
    bound: [bound.node(`x[${steps.first}:${steps.stop}]`)],
  });
  return [rule, said];
}

function band(plan, steps, y, told) {
  const brake = told.brake && steps.has(told.brake.told) ? told.brake : null;
  const marks = [];
  const top = y;
  let under = 0;
  for (const unit of plan.units) {
    if (unit === plan.units[0] || plan.narrow) {
      marks.push(...read(plan, steps, y + 9), nameOf(steps, unit, y + 9));
      y += TOKENS;
    } else marks.push(nameOf(steps, unit, y + 2));
    if (told.bare.includes(unit) && steps === plan.bands[0]) {
      marks.push(...clear(largest(plan, steps, y, unit), plan, brake, unit));
      y += 22;
    }
    const [drawn, scale] = plot(plan, steps, y, unit, told.placed(steps, unit));
    marks.push(...drawn);
    if (brake?.by === unit) {
      const c = plan.subject.steps[brake.told - 1].c[unit];
      marks.push(...brakeLine(brake, steps, scale, c, under));
    }
    if (!plan.withGates) {
      y = scale.start + BELOW;
      if (unit !== plan.units.at(-1) && !plan.narrow) y += TICKS;
      continue;
    }
    const lanes = gates(plan, steps, scale.start + BELOW, unit, told, brake);
    marks.push(...lanes.marks);
    ({ bottom: y, under } = lanes);
    if (unit !== plan.units.at(-1)) y += plan.sizes.between;
  }
  if (plan.withGates) {
    const [said, bottom] = answers(plan, plan.reader, steps, y + 14);
    marks.push(...said);
    y = bottom;
  }
  const of = plan.units.map((unit) => `c-${steps.first}-${unit}`);
  marks.push(...named(steps, y + 12, of));
  y += STEPS;
  return [[...shades(plan.subject, steps, top - 4, y), ...marks], y];
}

/** The gates of a unit, and what another unit does to one. */
function gates(plan, steps, y, unit, told, here) {
  const marks = [];
  const isPrinted = told.printed && arePrinted(plan, steps);
  if (isPrinted) {
    marks.push(...values(plan, steps, y, unit));
    y += NUMBERS;
  }
  const isHere = here?.shut === unit;
  const clear = isHere ? steps.edge(here.told) : null;
  const numbers = isPrinted ? "every" : told.printed ? "none" : "ends";
  const drawn = rows(plan, steps, y, unit, numbers, clear);
  marks.push(...drawn.marks);
  const under = drawn.below.i + 1;
  let { bottom } = drawn;
  if (told.brake?.shut === unit) marks.push(...bars(told.brake, steps, under));
  if (isHere) {
    const [said, last] = wordsOf(
      here,
      plan.subject,
      steps,
      bottom + WEIGHT,
      inner(plan.room),
    );
    marks.push(...said);
    bottom = last;
  }
  return { marks, bottom, under: under + BAR };
}

/** What is read, in bold where an arrow is. */
function read(plan, steps, y) {
  const large = Math.max(13, widest(plan.read, LETTER)) <= steps.width;
  return tokens(
    steps,
    y,
    plan.read,
    plan.units.map((unit) => `c-${steps.first}-${unit}`),
    {
      size: large ? LETTER : SMALL,
      strong: plan.strong,
    },
  );
}

const nameOf = (steps, unit, y) =>
  label(0, y, `unit ${unit}`, { unit }, [`c-${steps.first}-${unit}`], "block", {
    style: STRONG,
  });

/** The largest write of a unit, where nothing is told of it. */
function largest(plan, steps, y, unit) {
  const every = written(plan.subject, unit);
  const sizes = shares(every.values.map(Math.abs));
  const t = sizes.indexOf(Math.max(...sizes));
  const [id, value] = [`largest-${unit}`, every.at(t)];
  const claim =
    `bool(abs(${value.expr}) >= ` +
    `${every.part}.abs().nan_to_num(0, 0).max() * 0.9999)`;
  let x = steps.left + 2;
  const said = label(
    x,
    y,
    "added to c at most: i·g",
    { tensor: "i*g", unit },
    [id],
    "row",
    { style: FINE, says: { claim } },
  );
  x += textWidth(said) + 10;
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
  return [said, operator(x, y, "="), printed, at];
}

/** A row of words left or right of the line of a brake, if it has room. */
function clear(row, plan, brake, unit) {
  if (brake?.by !== unit) return row;
  const x = plan.bands[0].edge(brake.told);
  const left = textLeft(row[0]);
  const right = textLeft(row.at(-1)) + textWidth(row.at(-1));
  if (!(left - CLEAR < x && x < right + CLEAR)) return row;
  const start = beside(x, right - left, inner(plan.room), CLEAR);
  if (start === null) return [];
  return row.map((mark) => shift(mark, start - left, 0));
}

/** The cell state in numbers. */
function values(plan, steps, y, unit) {
  const c = plan.subject.series("c", unit).slice(steps.first, steps.stop);
  const row = numbersOf(steps, y + 6, c, `c-{t}-${unit}`, "c");
  const name = label(
    steps.left - 7,
    y + 6,
    "c",
    { tensor: "c", unit },
    row.map((one) => one.id),
    "row",
    { style: FINE, fill: "ink", anchor: "end" },
  );
  return [...row, name];
}
