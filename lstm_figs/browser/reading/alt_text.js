// What the figure says to who hears it: `figures/reading/alt_text.py`.

import { printed } from "../twin/numbers.js";
import { gateOf, unbraked } from "./inhibitions.js";
import { isStill, ORDER } from "./lanes.js";
import { kept, shares, written } from "./moves.js";
import { I_WRITE } from "./notes.js";
import { visible } from "../twin/over_time.js";

const MOST = 8;

/** What is kept and written where most of it is, and what shuts a gate. */
export function description(plan, told) {
  const { subject } = plan;
  const count = subject.steps.length;
  const parts = [`${count} step${count === 1 ? "" : "s"}: ${subject.text}.`];
  for (const unit of [...plan.units].sort()) {
    const notes = told.of(unit).map((one) => one.note);
    const steps = [...new Set([...largest(subject, unit), ...notes.map((n) => n.t)])];
    steps.sort((a, b) => a - b);
    parts.push(`Unit ${unit}: ${steps.map((t) => moved(subject, unit, t)).join("; ")}.`);
    if (count <= MOST) {
      // Of a step that is told, f is told with what it keeps.
      for (let t = 0; t < count; t += 1) {
        parts.push(gates(subject, t, unit, steps.includes(t) ? "igo" : "figo"));
      }
    } else {
      for (const note of notes.filter((one) => one.symbol === I_WRITE)) {
        parts.push(`At step ${note.step} i is ${printed(note.value.value)}.`);
      }
    }
    if (plan.withGates && !told.printed) parts.push(...still(subject, unit));
    if (plan.ghost?.units.includes(unit)) parts.push(trained(subject, plan.ghost, unit));
  }
  if (told.brake) parts.push(braked(subject, told.brake));
  return parts.join(" ");
}

/** Where c is farthest from what it was. */
function trained(subject, ghost, unit) {
  const t = ghost.farthest(unit);
  const [was, now] = [ghost.values(unit), subject.series("c", unit).values];
  return (
    `As trained, c of step ${t + 1} would be ${printed(was[t])} ` +
    `instead of ${printed(now[t])}.`
  );
}

/** The ranges of gates that hardly move. */
function still(subject, unit) {
  return ORDER.filter((gate) => isStill(subject.series(gate, unit))).map((gate) => {
    const { values } = subject.series(gate, unit);
    const [least, most] = [Math.min, Math.max].map((end) => printed(end(...values)));
    return `Throughout ${gate} is ${least === most ? least : `${least} to ${most}`}.`;
  });
}

/** The steps that move c most, in their order. */
function largest(subject, unit) {
  const before = subject.series("c_prev", unit).values;
  const left = kept(subject, unit).values;
  const every = written(subject, unit).values.map(Math.abs);
  const moved = every.map((one, t) => Math.max(one, Math.abs(before[t] - left[t])));
  const [sizes, wrote] = [moved, every].map(shares);
  const order = sizes.map((_, t) => t).sort((a, b) => sizes[b] - sizes[a] || a - b);
  // The largest write is told as well, where more is forgotten.
  return [...order.slice(0, MOST), wrote.indexOf(Math.max(...wrote))];
}

/** A character, for who follows the text: what each unit makes of it. */
export function followed(subject, t, units = [0, 1]) {
  const told = units.map((unit) => {
    const [f, before, c] = ["f", "c_prev", "c"].map((name) =>
      printed(subject.series(name, unit).values[t]),
    );
    const ig = printed(written(subject, unit).values[t]);
    return `unit ${unit} keeps ${f} of ${before} and writes ${ig}, so ${c} is left`;
  });
  return `“${subject.tokens[t]}” at step ${t + 1}: ${told.join("; ")}.`;
}

/** A step: what was kept of c, and what was written to it. */
function moved(subject, unit, t) {
  const [f, before, c] = ["f", "c_prev", "c"].map((name) =>
    printed(subject.series(name, unit).values[t]),
  );
  const ig = printed(written(subject, unit).values[t]);
  return (
    `step ${t + 1} (${visible(subject.tokens[t])}) keeps ${f} of ${before} and writes ` +
    `${ig}, c becomes ${c}`
  );
}

/** Gates of one step. */
function gates(subject, t, unit, which) {
  const said = [...which].map(
    (gate) => `${gate} is ${printed(subject.series(gate, unit).values[t])}`,
  );
  return `At step ${t + 1} ${said.join(", ")}.`;
}

function braked(subject, brake) {
  const weight = subject.parameter("weight_hh", brake.shut, brake.by);
  const [gate, without] = [gateOf(brake, subject), unbraked(brake, subject)];
  return (
    `The weight by which unit ${brake.by} shuts the input gate of unit ` +
    `${brake.shut} is ${printed(weight.value, 1)}: at step ` +
    `${brake.told + 1} i is ${printed(gate.value)}, and without it ` +
    `would be ${printed(without.value)}.`
  );
}
