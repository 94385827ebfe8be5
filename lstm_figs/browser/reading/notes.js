// What is told where it happens: `figures/reading/notes.py`.

import { rounded, whole } from "../twin/numbers.js";
import { visible } from "../twin/over_time.js";
import { kept, written } from "./moves.js";

export const SHUT = 0.1;
export const OFFERED = 0.5;
const SLIPPED = 0.1;
const QUARTERS = 0.25;
export const [I_G, I_WRITE, F_KEEP] = ["i·g", "i gate", "f gate"];
export const NAMES = {
  [I_G]: { tensor: "i*g" },
  [I_WRITE]: { gate: "i" },
  [F_KEEP]: { gate: "f" },
};

const SIGNED = "g lies between −1 and 1";
export const SAYS_SIGNED = {
  values: [
    ["−1", "torch.tanh(torch.tensor(-torch.inf))"],
    ["1", "torch.tanh(torch.tensor(torch.inf))"],
  ],
  claim: "bool((g.abs() <= 1).all())",
};

const keptOut = (open, fresh) => whole(((1 - open) * Math.abs(fresh)) / QUARTERS);

/** The paint of its words: red ones could not be read on all grounds. */
export const fillOf = (note) => (note.paint === "neg" ? "ink" : note.paint);

/** What a shut gate keeps out, what it keeps out most of first. */
export function shut(plan, unit, among = []) {
  const [i, g] = ["i", "g"].map((name) => plan.subject.series(name, unit));
  return i.values
    .map((open, t) => [!among.includes(t), -keptOut(open, g.values[t]), t])
    .filter(([, , t]) => i.values[t] <= SHUT && Math.abs(g.values[t]) >= OFFERED)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
    .map(([, , t]) => shutNote(plan, unit, t, i.at(t), g.at(t)));
}

function shutNote(plan, unit, t, i, g) {
  let claim = `bool(${i.expr} < ${SHUT} + 1e-6 and abs(${g.expr}) > ${OFFERED} - 1e-6)`;
  let does = "hardly writes";
  if (plan.counts(unit) && plan.subject.truth.inside[t] && "()".includes(plan.read[t])) {
    claim += ` and bool(inside[${t}])`;
    does = "is not counted";
  }
  const size = QUARTERS * keptOut(i.value, g.value);
  const note = noteOf(plan, `shut-${t}-${unit}`, t, does, claim, I_WRITE, i);
  return { ...note, paint: "neg", size };
}

/** What is written into a count where nothing is to be counted. */
export function slipped(plan, unit) {
  if (!plan.counts(unit)) return [];
  const depth = [0, ...plan.subject.truth.depth];
  const ig = written(plan.subject, unit);
  const sizes = ig.values.map((one) => rounded(Math.abs(one), 2));
  const steady = plan.read.map((_, t) => t).filter((t) => depth[t] === depth[t + 1]);
  if (!steady.length) return [];
  const found = steady.reduce((best, t) => (sizes[t] > sizes[best] ? t : best));
  if (!(Math.abs(ig.values[found]) >= SLIPPED)) return [];
  let claim = `bool(abs(${ig.at(found).expr}) > ${SLIPPED} - 1e-6)`;
  if (found) claim += ` and bool(depth[${found}] == depth[${found - 1}])`;
  const id = `slip-${found}-${unit}`;
  const note = noteOf(plan, id, found, "slips in", claim, I_G, ig.at(found));
  return [{ ...note, flat: true }];
}

/** What arrows are told of: writes up, writes down, what is forgotten. */
export function moved(plan, unit) {
  const moves = plan.moves.get(unit);
  const kinds = [
    moves.filter((m) => m.kind === "write" && m.size > 0),
    moves.filter((m) => m.kind === "write" && m.size < 0),
    moves.filter((m) => m.kind === "forget" && plan.withGates),
  ];
  const rank = (move) => -rounded(Math.abs(move.size), 1);
  return kinds.map((kind) =>
    kind
      .sort((a, b) => rank(a) - rank(b) || a.t - b.t)
      .flatMap((move) => movedNotes(plan, move)),
  );
}

/** A note on a move; without gates first one that says why c can fall. */
function movedNotes(plan, move) {
  const { t, unit } = move;
  let [does, claim, symbol, value] = [];
  if (move.kind === "forget") {
    value = plan.subject.series("f", unit).at(t);
    const clears = value.value <= SHUT;
    does = clears ? "clears" : "forgets";
    const limit = clears ? `< ${SHUT} + 1e-6` : `> ${SHUT} - 1e-6`;
    claim = `bool(${value.expr} ${limit})`;
    symbol = F_KEEP;
  } else {
    value = written(plan.subject, unit).at(t);
    const left = kept(plan.subject, unit).at(t);
    const [size, before] = [value.value, left.value];
    const takes = size * before < 0 && Math.abs(before) >= Math.abs(size) / 2;
    does = takes ? "takes" : "writes";
    symbol = I_G;
    claim = `bool(${value.expr} ${size > 0 ? ">" : "<"} 0)`;
    if (takes) claim = `bool(${value.expr} * ${left.expr} < 0)`;
  }
  const size = rounded(Math.abs(move.size), 1);
  const note = {
    ...noteOf(plan, `${move.id}-note`, t, does, claim, symbol, value),
    ...{ paint: move.paint, move, size },
  };
  const falls = move.kind === "write" && move.size < 0 && !plan.withGates;
  return falls ? [{ ...note, remark: SIGNED }, note] : [note];
}

/** A note on a write: what is read at a step, and what that does. */
function noteOf(plan, id, t, does, claim, symbol, value) {
  const token = visible(plan.read[t]);
  return {
    id,
    t,
    step: t + 1,
    said: `${token} ${does}`,
    says: { values: [[token, `tokens[${t}]`]], claim },
    symbol,
    value,
    paint: "gate-i",
    move: null,
    size: 0,
    flat: false,
    remark: "",
  };
}
