// Where notes have room: `figures/reading/note_places.py`.

import { bound, path, Scale, textLeft, textWidth } from "../twin/marks.js";
import { FINE, inner, label, number, operator, SMALL, STRONG, width } from "../twin/words.js";
import { HEAD } from "./moves.js";
import { fillOf, moved, NAMES, SAYS_SIGNED, shut, slipped } from "./notes.js";
import { arePrinted } from "./lanes.js";

const LEADERS = [14, 24, 40];
const DROPS = [12, 24, 38];
const SHARES = [0.5, 0.75, 0.25, 0.9, 0.1];
const CENTRES = [0.5, 0.88, 0.06, 0.7, 0.3];
const CLEAR = 3;
const [HIGH, LOW, NEXT] = [8, 8, 16];
const OVER = 10;
const EQUALS = 20;
const HAIR = 1.2;
const ALIKE = 0.15;

const boundsOf = (left, top, right, bottom) => ({ left, top, right, bottom });

/** A note that has a place. */
class Placed {
  constructor(note, box, start, stop, ends, of) {
    Object.assign(this, { note, box, start, stop, ends, of });
  }

  /** What its line covers, but for where that ends. */
  get line() {
    const [x, y] = this.start;
    let [to, down] = this.stop;
    if (x === to) down += down < y ? 6 : -6;
    else to += to < x ? 3 : -3;
    return boundsOf(
      Math.min(x, to) - 1,
      Math.min(y, down) - 1,
      Math.max(x, to) + 1,
      Math.max(y, down) + 1,
    );
  }

  /** Its words, and the line from them. */
  marks() {
    const { note, box, ends, of } = this;
    const [y, value] = [box.top + HIGH, `${note.id}-value`];
    const [side, anchor] = ends ? [box.right, "end"] : [box.left, "start"];
    const at = ends && note.flat ? side - second(note) - EQUALS : side;
    const said = label(at, y, note.said, { step: note.step }, [of, value], "block", {
      style: STRONG,
      fill: fillOf(note),
      says: note.says,
      id: note.id,
      anchor,
    });
    const below = note.flat ? y : y + NEXT;
    let x = ends ? side - second(note) : side;
    if (note.flat) x = textLeft(said) + width(note.said, undefined, true) + EQUALS / 2;
    const equals = x + width(note.symbol, SMALL) + EQUALS / 2;
    return [
      said,
      label(x, below, note.symbol, NAMES[note.symbol], [value], "row", { style: FINE }),
      operator(equals, below, "="),
      numberOf(note, equals + EQUALS / 2, below),
      ...(note.remark
        ? [
            label(side, below + NEXT, note.remark, { step: note.step }, [of, value], "block", {
              style: FINE,
              says: SAYS_SIGNED,
              id: `remark-${note.id}`,
              anchor,
            }),
          ]
        : []),
      path([["M", this.start], ["L", this.stop]], {
        stroke: note.paint,
        strokeWidth: HAIR,
        bound: [bound.flow("points", note.id, of)],
      }),
    ];
  }
}

const numberOf = (note, x = 0, y = 0) =>
  number(x, y, note.value, {
    size: SMALL,
    anchor: "start",
    fill: "muted",
    id: `${note.id}-value`,
    term: note.symbol[0],
  });

/** The width of the number and of what it is. */
const second = (note) => width(note.symbol, SMALL) + EQUALS + textWidth(numberOf(note));

const sizes = new WeakMap();

/** The width and the height of its words, which each form asks for. */
function sizeOf(note) {
  if (!sizes.has(note)) sizes.set(note, measured(note));
  return sizes.get(note);
}

function measured(note) {
  const [first, rest] = [width(note.said, undefined, true), second(note)];
  if (note.flat) return [first + EQUALS / 2 + rest, HIGH + LOW];
  const last = note.remark ? width(note.remark, SMALL) : 0;
  return [Math.max(first, rest, last), HIGH + (note.remark ? 2 : 1) * NEXT + LOW];
}

const meet = (one, other) =>
  one.left < other.right &&
  other.left < one.right &&
  one.top < other.bottom &&
  other.top < one.bottom;

/** Places right and left of an arrow. */
function* beside({ steps, scale }, note, move) {
  const [x, [wide, high]] = [move.x(steps), sizeOf(note)];
  const [start, stop] = [scale.at(move.start), scale.at(move.stop)];
  for (const side of [1, -1]) {
    for (const share of SHARES) {
      for (const away of LEADERS) {
        const y = start + share * (stop - start);
        const left = side > 0 ? x + away : x - away - wide;
        const box = boundsOf(left, y - HIGH, left + wide, y - HIGH + high);
        const ends = [
          [x + (away - 3) * side, y],
          [x + 3 * side, y],
        ];
        yield new Placed(note, box, ...ends, side < 0, move.id);
      }
    }
  }
}

/** Places above and below the line of c. */
function* upright({ steps, scale, c, id }, note) {
  const [x, [wide, high]] = [steps.middle(note.t), sizeOf(note)];
  const y = scale.at(c.values[note.t - steps.first]);
  for (const away of DROPS) {
    for (const side of [-1, 1]) {
      for (const share of CENTRES) {
        const top = side < 0 ? y - away - high : y + away;
        const left = x - share * wide;
        const box = boundsOf(left, top, left + wide, top + high);
        const end = side < 0 ? box.bottom + 1 : top;
        yield new Placed(note, box, [x, end], [x, y], share > 0.5, id);
      }
    }
  }
}

/** A plot on which notes are placed. */
class Board {
  constructor(plan, steps, unit) {
    const scale = scaleOf(plan, unit);
    const c = plan.subject.series("c", unit).slice(steps.first, steps.stop);
    const zero = scale.at(0);
    this.steps = steps;
    this.scale = scale;
    this.c = c;
    this.id = `c-${steps.first}-${unit}`;
    this.taken = [...risers(plan, steps, scale, unit), ...levels(steps, scale, c, 4)];
    this.crossed = [boundsOf(steps.left, zero - 1, steps.right, zero + 1)];
    if (plan.counts(unit)) {
      const depth = plan.reader.depth.slice(steps.first, steps.stop);
      this.crossed.push(...levels(steps, scale, depth, 2));
    }
    if (plan.ghost?.units.includes(unit)) {
      this.crossed.push(...course(steps, scale, plan.ghost.over(unit, steps), 3));
    }
    const right = inner(plan.room);
    this.frame = boundsOf(steps.left + 2, -OVER, right, scale.start + OVER);
    this.placed = [];
  }

  /** The first place that has room for a note. */
  find(note) {
    const places = note.move ? beside(this, note, note.move) : upright(this, note);
    for (const place of places) if (this.isFree(place)) return place;
    return null;
  }

  put(found) {
    this.placed.push(found);
    this.taken.push(found.box, found.line);
  }

  isFree(place) {
    const { box } = place;
    const isInside =
      this.frame.left <= box.left &&
      box.right <= this.frame.right &&
      this.frame.top <= box.top &&
      box.bottom <= this.frame.bottom;
    if (!isInside) return false;
    const { line } = place;
    const near = boundsOf(
      box.left - CLEAR,
      box.top - CLEAR,
      box.right + CLEAR,
      box.bottom + CLEAR,
    );
    return (
      !this.crossed.some((other) => meet(near, other)) &&
      !this.taken.some((other) => meet(near, other) || meet(line, other))
    );
  }
}

const keyOf = (steps, unit) => `${steps.first} ${unit}`;

/** Find a place for a note of each kind, the most important kind first. */
export function told(plans, brake) {
  const forms = plans.map(boardsOf);
  for (const unit of plans[0].units) {
    const braked = brake?.shut === unit ? brake : null;
    if (brake?.by === unit) plans.forEach((plan, k) => bar(plan, forms[k], brake));
    for (const kind of kindsOf(plans[0], unit, braked)) {
      const note = put(kind, unit, plans, forms);
      if (braked && note?.id.startsWith("shut-") && braked.steps.includes(note.t)) {
        brake = { ...braked, told: note.t };
      }
    }
  }
  const isNoted = (unit) =>
    plans[0].bands.some((band) => forms[0].get(keyOf(band, unit)).placed.length);
  const printed = plans[0].withGates && arePrinted(plans[0], plans[0].bands[0]);
  const bare = printed ? [] : plans[0].units.filter((unit) => !isNoted(unit));
  return plans.map((plan, k) => ({
    placed: (steps, unit) => forms[k].get(keyOf(steps, unit)).placed,
    of: (unit) => plan.bands.flatMap((band) => forms[k].get(keyOf(band, unit)).placed),
    brake,
    printed,
    bare,
  }));
}

/** Of each kind of note, what may be told of a unit. */
function kindsOf(plan, unit, braked) {
  return [
    ...(braked || plan.counts(unit) ? [shut(plan, unit, braked?.steps)] : []),
    slipped(plan, unit),
    ...moved(plan, unit),
  ];
}

/** Put the first note of a kind that has room, if one has. */
function put(kind, unit, plans, forms) {
  let best = [];
  for (const note of kind) {
    const found = plans.map((plan, k) => {
      const { move } = note;
      const isDrawn = !move || plan.moves.get(unit).some(({ id }) => id === move.id);
      const band = isDrawn && plan.band(note.t);
      return band ? forms[k].get(keyOf(band, unit)).find(note) : null;
    });
    if (best[0] && note.size < best[0].note.size - ALIKE) break;
    if (found[0] && (found[1] || !best.length)) best = found;
    if (found[0] && found[1]) break;
  }
  best.forEach((place, k) => {
    const band = place && plans[k].band(place.note.t);
    if (band) forms[k].get(keyOf(band, unit)).put(place);
  });
  return best[0]?.note ?? null;
}

/** Keep notes from where the line of a brake is. */
function bar(plan, boards, brake) {
  const band = plan.band(brake.told);
  if (!band) return;
  const board = boards.get(keyOf(band, brake.by));
  const c = plan.subject.steps[brake.told - 1].c[brake.by];
  const [x, y] = [band.edge(brake.told), board.scale.at(c)];
  board.taken.push(boundsOf(x - 5, -99, x + 5, y + 5));
}

const boardsOf = (plan) =>
  new Map(
    plan.bands.flatMap((steps) =>
      plan.units.map((unit) => [keyOf(steps, unit), new Board(plan, steps, unit)]),
    ),
  );

/** Where values of a unit are, from the top of its plot. */
export function scaleOf(plan, unit) {
  const [low, high] = plan.reach(unit);
  return new Scale(low, high, (high - low) * plan.pixels, 0);
}

/** Where a line over steps is. */
const levels = (steps, scale, values, half) =>
  steps.ts.map((t, k) => {
    const [x, y] = [steps.edge(t), scale.at(values.values[k])];
    return boundsOf(x, y - half, x + steps.width, y + half);
  });

/** Where a line over steps is, and goes up and down between them. */
function course(steps, scale, values, half) {
  const flat = levels(steps, scale, values, half);
  const risers = flat.slice(1).map((after, k) => {
    const [top, bottom] = [
      Math.min(flat[k].top, after.top),
      Math.max(flat[k].bottom, after.bottom),
    ];
    return boundsOf(after.left - half, top, after.left + half, bottom);
  });
  return [...flat, ...risers];
}

/** Where c and its arrows go up and down. */
function risers(plan, steps, scale, unit) {
  const [before, after] = ["c_prev", "c"].map(
    (name) => plan.subject.series(name, unit).values,
  );
  const ends = [
    ...steps.ts
      .filter((t) => t > steps.first)
      .map((t) => [steps.edge(t), 2, before[t], after[t]]),
    ...plan
      .arrows(steps, unit)
      .map((move) => [move.x(steps), HEAD / 2 - 1, move.start, move.stop]),
  ];
  return ends.map(([x, half, a, b]) => {
    const [one, other] = [scale.at(a), scale.at(b)];
    return boundsOf(x - half, Math.min(one, other), x + half, Math.max(one, other));
  });
}
