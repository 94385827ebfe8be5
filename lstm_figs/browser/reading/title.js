// The title: what the units do, or the effect of edits: `figures/reading/title.py`.

import { known } from "../twin/known.js";
import { f32 } from "../twin/numbers.js";
import { sentence } from "../twin/words.js";
import { countingExpression, quoteExpression } from "./reader.js";

/** A counted bracket changes c by at least this much; a unit above it is on. */
const MIN_COUNT = 0.5;
/** The expression of the number of wrong answers. */
const WRONG_COUNT =
  "((answers[:, 0] > 0.5) != torch.stack([inside, depth == 0], 1)).sum()";


/** A list in Python. */
const list = (all) => `[${all.join(", ")}]`;

/** The title of the figure; `plan` is a `Plan`. */
export function title(plan) {
  const { reader, units, withGates } = plan;
  const effect = changeTitle(plan);
  if (effect) return effect;
  const { countingUnit, quoteUnit } = reader;
  if (countingUnit !== undefined) {
    const counts = [countingUnit, countingExpression(units)];
    if (quoteUnit !== undefined) {
      return sentence("Unit {} counts brackets, unit {} is on in quotes", [
        counts,
        [quoteUnit, quoteExpression(units)],
      ]);
    }
    if (units.length === 1) return sentence("Unit {} counts brackets", [counts]);
  }
  const [unit, { length }] = [units[0], units];
  const [value, template] =
    length === 1
      ? [unit, withGates ? "unit {} keeps, writes and shows" : "unit {} remembers"]
      : [length, withGates ? "{} units keep, write and show" : "{} units remember"];
  return sentence(`What ${template}`, [[value, value]]);
}

/** The title for an edited network; null if the edits explain nothing. */
function changeTitle(plan) {
  if (!plan.subject.edited) return null;
  const counted = countingTitle(plan);
  if (counted || !plan.withGates) return counted;
  const wrong = wrongAnswers(plan.subject);
  const total = 2 * plan.subject.steps.length;
  if (!wrong) {
    return sentence(
      "After this change, every answer is still right",
      [],
      `${WRONG_COUNT} == 0`,
    );
  }
  return sentence(
    `After this change, {} of {} answers ${wrong > 1 ? "are" : "is"} wrong`,
    [
      [wrong, WRONG_COUNT],
      [total, "answers.numel()"],
    ],
  );
}

/** The number of wrong answers. */
function wrongAnswers({ answers, truth: { depth, inside } }) {
  return answers.reduce(
    (sum, [quoted, closed], t) =>
      sum + (quoted > 0.5 !== inside[t]) + (closed > 0.5 !== !depth[t]),
    0,
  );
}

/** The title where a weight that is now 0 kept quoted brackets from being counted. */
function countingTitle({ subject, trainedRun, tokens, units }) {
  const weight = clearedWeight(subject);
  if (!weight || !trainedRun) return null;
  const { inside } = subject.truth;
  const quoted = tokens
    .map((_, t) => t)
    .filter((t) => inside[t] && "()".includes(tokens[t]));
  if (!quoted.length) return null;
  const signs = quoted.map((t) => (tokens[t] === "(" ? 1 : -1));
  const before = quoted.map((t) => t - 1);
  const moved = (c) => quoted.map((t) => f32(c[t] - c[t - 1]));
  const unit = units.find(
    (unit) =>
      moved(subject.series("c", unit).values).every(
        (by, k) => by * signs[k] >= MIN_COUNT,
      ) && moved(trainedRun.values(unit)).every((by) => Math.abs(by) < MIN_COUNT),
  );
  if (unit === undefined) return null;
  const [now, trained] = ["c", "c_trained"].map(
    (name) =>
      `${name}[${list(quoted)}, 0, ${unit}] - ${name}[${list(before)}, 0, ${unit}]`,
  );
  return sentence(
    "Without one weight, brackets in quotes are counted",
    [],
    `bool(${weight} == 0 and ` +
      `((${now}) * torch.tensor(${list(signs)}) > ${MIN_COUNT}).all() and ` +
      `((${trained}).abs() < ${MIN_COUNT}).all())`,
  );
}

/** The weight that was set to 0 as the only edit; empty if there is none. */
function clearedWeight({ edits, variables }) {
  const { tensors } = known.network;
  const valueAt = (tensor, at) => at.reduce((inside, k) => inside[k], tensor);
  const changed = edits.filter(
    ([name, at]) =>
      name.startsWith("lstm.") &&
      valueAt(tensors[name], at) !== valueAt(variables[name], at),
  );
  if (changed.length !== 1) return "";
  const [[name, at]] = changed;
  return valueAt(variables[name], at) === 0 ? `${name}${list(at)}` : "";
}
