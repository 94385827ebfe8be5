// The description for screen readers: `figures/reading/alt_text.py`.

import { printed } from "../twin/numbers.js";
import { gateOf, numberWithout } from "./inhibitions.js";
import { isStill, ORDER } from "./lanes.js";
import { retained, shares, written } from "./moves.js";
import { I_WRITE } from "./notes.js";
import { visibleToken } from "../twin/tokens.js";

/** The most moves described per unit; sequences this short are described completely. */
const MAX_STEPS = 8;

/**
 * The largest moves of each unit, the printed gates, and the inhibition. `plan` and
 * `notes` are those of one form, see `formNotes`.
 */
export function description(plan, notes) {
  const { subject } = plan;
  const count = subject.steps.length;
  const parts = [`${count} step${count === 1 ? "" : "s"}: ${subject.text}.`];
  for (const unit of [...plan.units].sort((a, b) => a - b)) {
    parts.push(...unitSentences(plan, notes, unit));
  }
  if (notes.inhibition) parts.push(inhibitionSentence(subject, notes.inhibition));
  return parts.join(" ");
}

/** The largest moves of a unit, its gates, and c as trained. */
function unitSentences(plan, notes, unit) {
  const { subject } = plan;
  const count = subject.steps.length;
  const unitNotes = notes.notesOf(unit).map((placed) => placed.note);
  const steps = [
    ...new Set([...largestMoves(subject, unit), ...unitNotes.map((n) => n.t)]),
  ];
  steps.sort((a, b) => a - b);
  const parts = [
    `Unit ${unit}: ${steps.map((t) => moveWords(subject, unit, t)).join("; ")}.`,
  ];
  if (count <= MAX_STEPS) {
    // The sentence on a move already has f.
    for (let t = 0; t < count; t += 1) {
      parts.push(gatesSentence(subject, t, unit, steps.includes(t) ? "igo" : "figo"));
    }
  } else {
    for (const note of unitNotes.filter((note) => note.symbol === I_WRITE)) {
      parts.push(`At step ${note.step} i is ${printed(note.value.value)}.`);
    }
  }
  if (plan.withGates && !notes.printed) parts.push(...stillSentences(subject, unit));
  if (plan.trainedRun?.units.includes(unit)) {
    parts.push(trainedSentence(subject, plan.trainedRun, unit));
  }
  return parts;
}

/** The step at which c differs most from the trained network. */
function trainedSentence(subject, trainedRun, unit) {
  const t = trainedRun.farthest(unit);
  const [was, now] = [trainedRun.values(unit), subject.series("c", unit).values];
  return (
    `As trained, c of step ${t + 1} would be ${printed(was[t])} ` +
    `instead of ${printed(now[t])}.`
  );
}

/** The ranges of gates that stay nearly constant. */
function stillSentences(subject, unit) {
  return ORDER.filter((gate) => isStill(subject.series(gate, unit))).map((gate) => {
    const { values } = subject.series(gate, unit);
    const [least, most] = [Math.min, Math.max].map((end) => printed(end(...values)));
    return `Throughout ${gate} is ${least === most ? least : `${least} to ${most}`}.`;
  });
}

/** The steps that change c most, and the step of the largest write. */
function largestMoves(subject, unit) {
  const before = subject.series("c_prev", unit).values;
  const left = retained(subject, unit).values;
  const writeSizes = written(subject, unit).values.map(Math.abs);
  const moveSizes = writeSizes.map((size, t) =>
    Math.max(size, Math.abs(before[t] - left[t])),
  );
  // Shares are rounded, so that float errors do not change the order.
  const [sizes, writeShares] = [moveSizes, writeSizes].map(shares);
  const order = sizes.map((_, t) => t).sort((a, b) => sizes[b] - sizes[a] || a - b);
  // Where more is forgotten than written, the largest write would be missing.
  return [...order.slice(0, MAX_STEPS), writeShares.indexOf(Math.max(...writeShares))];
}

/** What each unit does at step `t`, from 0, for a reader who steps through the text. */
export function stepSentence(subject, t, units = [0, 1]) {
  const sentences = units.map((unit) => {
    const [f, before, c] = ["f", "c_prev", "c"].map((name) =>
      printed(subject.series(name, unit).values[t]),
    );
    const ig = printed(written(subject, unit).values[t]);
    return `unit ${unit} keeps ${f} of ${before} and writes ${ig}, so ${c} is left`;
  });
  return `“${subject.tokens[t]}” at step ${t + 1}: ${sentences.join("; ")}.`;
}

/** What a unit keeps of c at a step, and what it writes. */
function moveWords(subject, unit, t) {
  const [f, before, c] = ["f", "c_prev", "c"].map((name) =>
    printed(subject.series(name, unit).values[t]),
  );
  const ig = printed(written(subject, unit).values[t]);
  return (
    `step ${t + 1} (${visibleToken(subject.tokens[t])}) keeps ${f} of ${before} and writes ` +
    `${ig}, c becomes ${c}`
  );
}

/** The values of some gates at a step; `which` has their letters. */
function gatesSentence(subject, t, unit, which) {
  const values = [...which].map(
    (gate) => `${gate} is ${printed(subject.series(gate, unit).values[t])}`,
  );
  return `At step ${t + 1} ${values.join(", ")}.`;
}

/** The weight that shuts the gate, and the gate with and without it. */
function inhibitionSentence(subject, inhibition) {
  const weight = subject.parameter("weight_hh", inhibition.target, inhibition.source);
  const [gate, without] = [
    gateOf(inhibition, subject),
    numberWithout(inhibition, subject),
  ];
  return (
    `The weight by which unit ${inhibition.source} shuts the input gate of unit ` +
    `${inhibition.target} is ${printed(weight.value, 1)}: at step ` +
    `${inhibition.t + 1} i is ${printed(gate.value)}, and without it ` +
    `would be ${printed(without.value)}.`
  );
}
