// The notes at steps of a unit: `figures/reading/notes.py`.

import { rounded, roundHalfEven } from "../twin/numbers.js";
import { notedToken } from "../twin/tokens.js";
import { MIN_OFFER, retained, SHUT, written } from "./moves.js";

/** From this |i·g| on, a write where no bracket is counted visibly spoils the count. */
const MIN_SLIP = 0.1;
/**
 * Blocked writes are rounded to this, so that the first of several similar ones wins.
 */
const SIZE_STEP = 0.25;
/**
 * What the value of a note is: the written part, the input gate, or the forget gate.
 */
export const [I_G, I_WRITE, F_KEEP] = ["i·g", "i gate", "f gate"];
/** What each symbol in a note names, as in `words.label`. */
export const LABEL_NAMES = {
  [I_G]: { tensor: "i*g" },
  [I_WRITE]: { gate: "i" },
  [F_KEEP]: { gate: "f" },
};

/** Why an arrow of a write can point down. */
const SIGNED = "g lies between −1 and 1";
/** The bindings of `SIGNED`, which explains why an arrow can point down. */
export const SAYS_SIGNED = {
  values: [
    ["−1", "torch.tanh(torch.tensor(-torch.inf))"],
    ["1", "torch.tanh(torch.tensor(torch.inf))"],
  ],
  claim: "bool((g.abs() <= 1).all())",
};

/** How much of g a shut gate keeps out, in units of `SIZE_STEP`. */
const keptOut = (opening, offer) =>
  roundHalfEven(((1 - opening) * Math.abs(offer)) / SIZE_STEP);

/** The paint of its words; red text would be hard to read on some backgrounds. */
export const fillOf = (note) => (note.paint === "neg" ? "ink" : note.paint);

/**
 * Notes on shut input gates, in order of their importance: steps `among` first, then by
 * how much of g they keep out.
 */
export function shutNotes(plan, unit, among = []) {
  const [i, g] = ["i", "g"].map((name) => plan.subject.series(name, unit));
  return i.values
    // The first of these decides the order; false comes before true.
    .map((opening, t) => [!among.includes(t), -keptOut(opening, g.values[t]), t])
    .filter(([, , t]) => i.values[t] <= SHUT && Math.abs(g.values[t]) >= MIN_OFFER)
    .sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2])
    .map(([, , t]) => shutNote(plan, unit, t, i.at(t), g.at(t)));
}

/** A note on the shut input gate at a step. */
function shutNote(plan, unit, t, i, g) {
  let claim = `bool(${i.expr} < ${SHUT} + 1e-6 and abs(${g.expr}) > ${MIN_OFFER} - 1e-6)`;
  let effect = "hardly writes";
  if (
    plan.counts(unit) &&
    plan.subject.truth.inside[t] &&
    "()".includes(plan.tokens[t])
  ) {
    claim += ` and bool(inside[${t}])`;
    effect = "is not counted";
  }
  const size = SIZE_STEP * keptOut(i.value, g.value);
  const note = noteOf(plan, `shut-${t}-${unit}`, t, effect, claim, I_WRITE, i);
  return { ...note, paint: plan.withGates ? "neg" : "ink", size };
}

/**
 * The note on the largest write to a count at a step that should not change it, if
 * there is one.
 */
export function slipNotes(plan, unit) {
  if (!plan.counts(unit)) return [];
  const depth = [0, ...plan.subject.truth.depth];
  const ig = written(plan.subject, unit);
  const sizes = ig.values.map((size) => rounded(Math.abs(size), 2));
  const steady = plan.tokens.map((_, t) => t).filter((t) => depth[t] === depth[t + 1]);
  if (!steady.length) return [];
  const largest = steady.reduce((best, t) => (sizes[t] > sizes[best] ? t : best));
  if (!(Math.abs(ig.values[largest]) >= MIN_SLIP)) return [];
  let claim = `bool(abs(${ig.at(largest).expr}) > ${MIN_SLIP} - 1e-6)`;
  if (largest) claim += ` and bool(depth[${largest}] == depth[${largest - 1}])`;
  const id = `slip-${largest}-${unit}`;
  const note = noteOf(plan, id, largest, "slips in", claim, I_G, ig.at(largest));
  return [{ ...note, isOneLine: true }];
}

/** Notes on arrows: on writes up, on writes down, and on forgetting. */
export function moveNotes(plan, unit) {
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
      .flatMap((move) => moveNote(plan, move)),
  );
}

/** Notes on a move; without gates, a fall has a remark that explains it. */
function moveNote(plan, move) {
  const { t, unit } = move;
  let [effect, claim, symbol, value] = [];
  if (move.kind === "forget") {
    value = plan.subject.series("f", unit).at(t);
    const isCleared = value.value <= SHUT;
    effect = isCleared ? "clears" : "forgets";
    const limit = isCleared ? `< ${SHUT} + 1e-6` : `> ${SHUT} - 1e-6`;
    claim = `bool(${value.expr} ${limit})`;
    symbol = F_KEEP;
  } else {
    value = written(plan.subject, unit).at(t);
    const left = retained(plan.subject, unit).at(t);
    const [size, before] = [value.value, left.value];
    // A write of the opposite sign takes from what is kept, unless little is kept.
    const isTakenAway = size * before < 0 && Math.abs(before) >= Math.abs(size) / 2;
    effect = isTakenAway ? "takes" : "writes";
    symbol = I_G;
    claim = `bool(${value.expr} ${size > 0 ? ">" : "<"} 0)`;
    if (isTakenAway) claim = `bool(${value.expr} * ${left.expr} < 0)`;
  }
  const size = rounded(Math.abs(move.size), 1);
  const note = {
    ...noteOf(plan, `${move.id}-note`, t, effect, claim, symbol, value),
    ...{ paint: move.paint, move, size },
  };
  const falls = move.kind === "write" && move.size < 0 && !plan.withGates;
  return falls ? [{ ...note, remark: SIGNED }, note] : [note];
}

/**
 * A note: the token of a step, and its effect.
 *
 * - `id`: the id of its text
 * - `t, step`: the step, counted from 0 and from 1
 * - `text, says`: its words with their proof
 * - `symbol, value`: the name of the number below, and the number
 * - `paint`: the colour of its line
 * - `move`: the move that it explains, if any
 * - `size`: its importance: by how much c changes, or would without a shut gate
 * - `isOneLine`: whether the number is beside the words
 * - `remark`: a third line; empty for none
 */
function noteOf(plan, id, t, effect, claim, symbol, value) {
  const [token, expr] = notedToken(plan.tokens, t);
  return {
    id,
    t,
    step: t + 1,
    text: `${token} ${effect}`,
    says: { values: [[token, expr]], claim },
    symbol,
    value,
    paint: "gate-i",
    move: null,
    size: 0,
    isOneLine: false,
    remark: "",
  };
}
