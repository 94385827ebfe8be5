// What changes the cell state: `figures/reading/moves.py`.

import { rounded } from "../twin/numbers.js";
import { bound, path } from "../twin/marks.js";

/** A gate of at most this value is shut. */
export const SHUT = 0.1;
/** From this |g| on, a shut input gate keeps something out. */
export const MIN_OFFER = 0.5;
/** A move gets an arrow from this share of the unit's largest write on. */
const MIN_SHARE = 0.5;
/** The least length of an arrow. */
const MIN_LENGTH = 8;
/** The distance of each of two arrows from the edge of their step. */
const ARROW_OFFSET = 3.5;
/** The widths of an arrow's shaft and head. */
export const [SHAFT_WIDTH, HEAD_WIDTH] = [3, 9];
/** The length of an arrow's head. */
const HEAD_LENGTH = 7;
/** How far each of two neighbouring heads reaches over the edge between them. */
const HEAD_OVERLAP = HEAD_WIDTH / 2 - ARROW_OFFSET;
/** The width of a shaft if most steps have arrows. */
const THIN_SHAFT_WIDTH = 1.75;

/** The colour of each kind of move. */
const PAINTS = { write: "gate-i", forget: "gate-f" };

/**
 * What one step writes to c, or forgets of it.
 *
 * - `kind`: `write` or `forget`
 * - `t, unit`: the step, from 0, and the unit
 * - `start, stop`: c before and after it
 * - `paired`: whether the step has an arrow of either kind
 * - `size`: by how much c changes
 * - `id, paint`: of its arrow
 */
class Move {
  constructor(kind, t, unit, start, stop, paired) {
    Object.assign(this, { kind, t, unit, start, stop, paired });
    this.size = stop - start;
    this.id = `${kind}-${t}-${unit}`;
    this.paint = PAINTS[kind];
  }

  /** The x of its arrow: at the start of the step, where c rises or falls. */
  x(steps) {
    const [edge, half] = [steps.edge(this.t), steps.width / 2];
    const forgets = this.kind === "forget";
    if (this.t > steps.first) {
      const offset = this.paired ? Math.min(ARROW_OFFSET, half / 2) : 0;
      return forgets ? edge - offset : edge + offset;
    }
    // At the first step of a band, there is no space left of its edge.
    if (!this.paired) return edge + Math.min(HEAD_WIDTH / 2, half);
    const left = Math.min(HEAD_WIDTH / 2, half / 2);
    return edge + (forgets ? left : Math.min(left + 2 * ARROW_OFFSET, half));
  }

  /** Half of the width of its head. */
  headHalfWidth(steps, isThin) {
    // Two arrows share the width of a step, and heads of neighbours overlap the edge.
    let limit = steps.width / (this.paired ? 4 : 2);
    if (this.t > steps.first) limit = this.paired ? limit + HEAD_OVERLAP : HEAD_WIDTH;
    const half = isThin ? HEAD_WIDTH / 2 - 1 : HEAD_WIDTH / 2;
    return Math.min(half, limit);
  }
}

/** i·g, the value written at each step. */
export const written = (subject, unit) =>
  subject.series("i", unit).times(subject.series("g", unit));
/** f·c_prev, the value kept at each step. */
export const retained = (subject, unit) =>
  subject.series("f", unit).times(subject.series("c_prev", unit));

/** Sizes as shares of the largest, rounded so that float errors do not matter. */
export function shares(sizes) {
  // If all are 0, so are their shares.
  const most = Math.max(...sizes) || 1;
  return sizes.map((size) => rounded(size / most, 4));
}

/**
 * The moves of a unit that are large enough for arrows, in order; `pixels` is the
 * height of 1.
 */
export function movesOf(subject, unit, pixels) {
  const before = subject.series("c_prev", unit).values;
  const between = retained(subject, unit).values;
  const after = subject.series("c", unit).values;
  const wrote = written(subject, unit).values.map(Math.abs);
  const minSize = MIN_SHARE * Math.max(...wrote);
  // Without any write, every change would be large enough.
  if (!minSize) return [];
  const isLarge = (size, length) =>
    size >= minSize && Math.abs(length) * pixels >= MIN_LENGTH;
  return wrote.flatMap((size, t) => {
    const lost = between[t] - before[t];
    const forgets = isLarge(Math.abs(lost), lost);
    const writes = isLarge(size, after[t] - between[t]);
    const both = forgets && writes;
    return [
      ...(forgets ? [new Move("forget", t, unit, before[t], between[t], both)] : []),
      ...(writes ? [new Move("write", t, unit, between[t], after[t], both)] : []),
    ];
  });
}

/**
 * Draw the arrow of a move.
 *
 * - `move, subject`: a `Move` of this run
 * - `steps`: the columns of the band, a `Steps`
 * - `scale`: from c to its y
 * - `isThin`: whether its shaft is thin
 */
export function arrow(move, subject, steps, scale, isThin) {
  const { t, unit } = move;
  const between = retained(subject, unit).at(t).expr;
  const ends =
    move.kind === "forget"
      ? [subject.series("c_prev", unit).at(t).expr, between]
      : [between, subject.series("c", unit).at(t).expr];
  const [halfWidth, shaft] = [
    move.headHalfWidth(steps, isThin),
    isThin ? THIN_SHAFT_WIDTH : SHAFT_WIDTH,
  ];
  const ys = [scale.at(move.start), scale.at(move.stop)];
  const d = outline(move.x(steps), ...ys, halfWidth, shaft);
  return path(d, {
    fill: move.paint,
    compact: true,
    id: move.id,
    term: move.kind === "forget" ? "f" : "i g",
    bound: [bound.draws(ends.join(", "), "height", undefined, scale)],
  });
}

/**
 * The outline of a vertical arrow, as the commands of a path.
 *
 * - `x, start, stop`: its middle, and the y of its start and its tip
 * - `halfWidth, shaft`: half of the width of its head, and the width of its shaft
 */
export function outline(x, start, stop, halfWidth, shaft) {
  const half = Math.min(shaft, halfWidth) / 2;
  const point = Math.min(HEAD_LENGTH, Math.abs(stop - start));
  const neck = stop > start ? stop - point : stop + point;
  return [
    ["M", [x - half, start]],
    ["L", [x - half, neck]],
    ["L", [x - halfWidth, neck]],
    ["L", [x, stop]],
    ["L", [x + halfWidth, neck]],
    ["L", [x + half, neck]],
    ["L", [x + half, start]],
    ["Z"],
  ];
}
