// What moves a cell state: `figures/reading/moves.py`.

import { rounded } from "../twin/numbers.js";
import { bound, path } from "../twin/marks.js";

const SHARE = 0.5;
const SHORTEST = 8;
const ASIDE = 3.5;
export const [SHAFT, HEAD] = [3, 9];
const POINT = 7;
const OVER = HEAD / 2 - ASIDE;
const THIN = 1.75;

const PAINTS = { write: "gate-i", forget: "gate-f" };

/** What is written at a step, or forgotten. */
class Move {
  constructor(kind, t, unit, start, stop, paired) {
    Object.assign(this, { kind, t, unit, start, stop, paired });
    this.size = stop - start;
    this.id = `${kind}-${t}-${unit}`;
    this.paint = PAINTS[kind];
  }

  /** Where its arrow stands: at the riser of its step. */
  x(steps) {
    const [edge, half] = [steps.edge(this.t), steps.width / 2];
    const forgets = this.kind === "forget";
    if (this.t > steps.first) {
      const apart = Math.min(ASIDE, half / 2) * this.paired;
      return forgets ? edge - apart : edge + apart;
    }
    if (!this.paired) return edge + Math.min(HEAD / 2, half);
    const left = Math.min(HEAD / 2, half / 2);
    return edge + (forgets ? left : Math.min(left + 2 * ASIDE, half));
  }

  /** How far its head reaches left and right. */
  reach(steps, thin) {
    let room = steps.width / (this.paired ? 4 : 2);
    if (this.t > steps.first) room = this.paired ? room + OVER : HEAD;
    return Math.min(HEAD / 2 - thin, room);
  }
}

export const written = (subject, unit) =>
  subject.series("i", unit).times(subject.series("g", unit));
export const kept = (subject, unit) =>
  subject.series("f", unit).times(subject.series("c_prev", unit));

/** Sizes as shares of the largest; what differs by rounding alone is alike. */
export function shares(sizes) {
  const most = Math.max(...sizes) || 1;
  return sizes.map((one) => rounded(one / most, 4));
}

/** The moves of a unit that have arrows, in their order. */
export function movesOf(subject, unit, pixels) {
  const before = subject.series("c_prev", unit).values;
  const between = kept(subject, unit).values;
  const after = subject.series("c", unit).values;
  const wrote = written(subject, unit).values.map(Math.abs);
  const least = SHARE * Math.max(...wrote);
  if (!least) return [];
  const isLarge = (size, length) =>
    size >= least && Math.abs(length) * pixels >= SHORTEST;
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

export function arrow(move, subject, steps, scale, thin) {
  const { t, unit } = move;
  const between = kept(subject, unit).at(t).expr;
  const ends =
    move.kind === "forget"
      ? [subject.series("c_prev", unit).at(t).expr, between]
      : [between, subject.series("c", unit).at(t).expr];
  const [reach, shaft] = [move.reach(steps, thin), thin ? THIN : SHAFT];
  const ys = [scale.at(move.start), scale.at(move.stop)];
  const d = outline(move.x(steps), ...ys, reach, shaft);
  return path(d, {
    fill: move.paint,
    compact: true,
    id: move.id,
    term: move.kind === "forget" ? "f" : "i g",
    bound: [bound.drawn(ends.join(", "), "height", undefined, scale)],
  });
}

/** The outline of an arrow along a vertical line. */
export function outline(x, start, stop, reach, shaft) {
  const half = Math.min(shaft, reach) / 2;
  const point = Math.min(POINT, Math.abs(stop - start));
  const neck = stop > start ? stop - point : stop + point;
  return [
    ["M", [x - half, start]],
    ["L", [x - half, neck]],
    ["L", [x - reach, neck]],
    ["L", [x, stop]],
    ["L", [x + reach, neck]],
    ["L", [x + half, neck]],
    ["L", [x + half, start]],
    ["Z"],
  ];
}
