// What the units do, or what a change of them did: `figures/reading/title.py`.

import { known } from "../twin/known.js";
import { f32 } from "../twin/numbers.js";
import { sentence } from "../twin/words.js";
import { following, telling } from "./reader.js";

const COUNTED = 0.5;
const WRONG =
  "((answers[:, 0] > 0.5) != torch.stack([inside, depth == 0], 1)).sum()";

const list = (all) => `[${all.join(", ")}]`;

/** What the units that are drawn do. */
export function titleOf(plan) {
  const { reader, units, withGates } = plan;
  const effect = effectOf(plan);
  if (effect) return effect;
  const { counting, telling: tells } = reader;
  if (counting !== undefined) {
    const counts = [counting, following(units)];
    if (tells !== undefined) {
      return sentence("Unit {} counts brackets, unit {} is on in quotes", [
        counts,
        [tells, telling(units)],
      ]);
    }
    if (units.length === 1) return sentence("Unit {} counts brackets", [counts]);
  }
  const one = [[units[0], units[0]]];
  const all = [[units.length, units.length]];
  if (!withGates) {
    if (units.length === 1) return sentence("What unit {} remembers", one);
    return sentence("What {} units remember", all);
  }
  if (units.length === 1) return sentence("What unit {} keeps, writes and shows", one);
  return sentence("What {} units keep, write and show", all);
}

/** What a change of the trained network did. */
function effectOf(plan) {
  if (!plan.subject.edited) return null;
  const counted = countedOf(plan);
  if (counted || !plan.withGates) return counted;
  const wrong = wrongOf(plan.subject);
  const every = 2 * plan.subject.steps.length;
  if (!wrong) {
    return sentence("After this change, every answer is still right", [], `${WRONG} == 0`);
  }
  return sentence(
    `After this change, {} of {} answers ${wrong > 1 ? "are" : "is"} wrong`,
    [
      [wrong, WRONG],
      [every, "answers.numel()"],
    ],
  );
}

/** How many answers are wrong. */
function wrongOf({ answers, truth: { depth, inside } }) {
  return answers.reduce(
    (sum, [quoted, closed], t) =>
      sum + (quoted > 0.5 !== inside[t]) + (closed > 0.5 !== !depth[t]),
    0,
  );
}

/** That one weight, now 0, kept brackets in quotes from being counted. */
function countedOf({ subject, ghost, read, units }) {
  const weight = cutOf(subject);
  if (!weight || !ghost) return null;
  const { inside } = subject.truth;
  const quoted = read.map((_, t) => t).filter((t) => inside[t] && "()".includes(read[t]));
  if (!quoted.length) return null;
  const signs = quoted.map((t) => (read[t] === "(" ? 1 : -1));
  const before = quoted.map((t) => t - 1);
  const moved = (c) => quoted.map((t) => f32(c[t] - c[t - 1]));
  const unit = units.find(
    (one) =>
      moved(subject.series("c", one).values).every((by, k) => by * signs[k] >= COUNTED) &&
      moved(ghost.values(one)).every((by) => Math.abs(by) < COUNTED),
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
      `((${now}) * torch.tensor(${list(signs)}) > ${COUNTED}).all() and ` +
      `((${trained}).abs() < ${COUNTED}).all())`,
  );
}

/** The weight that was set to 0 as the only change; empty if none was. */
function cutOf({ edits, given }) {
  const { tensors } = known.network;
  const valueAt = (of, at) => at.reduce((inside, k) => inside[k], of);
  const changed = edits.filter(
    ([name, at]) =>
      name.startsWith("lstm.") && valueAt(tensors[name], at) !== valueAt(given[name], at),
  );
  if (changed.length !== 1) return "";
  const [[name, at]] = changed;
  return valueAt(given[name], at) === 0 ? `${name}${list(at)}` : "";
}
