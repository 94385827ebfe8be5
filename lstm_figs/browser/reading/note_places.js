// Places for notes where they cover nothing: `figures/reading/note_places.py`.

import { bound, path, Scale, textLeft, textWidth } from "../twin/marks.js";
import {
  FINE,
  innerWidth,
  label,
  number,
  operator,
  SMALL,
  STRONG,
  width,
} from "../twin/words.js";
import { HEAD_WIDTH } from "./moves.js";
import {
  fillOf,
  LABEL_NAMES,
  moveNotes,
  SAYS_SIGNED,
  shutNotes,
  slipNotes,
} from "./notes.js";
import { arePrinted } from "./lanes.js";

/** The lengths to try for the leader from a note to its arrow. */
const LEADER_LENGTHS = [14, 24, 40];
/** The lengths to try for a vertical leader. */
const DROP_LENGTHS = [12, 24, 38];
/** Where along an arrow a leader may end. */
const ARROW_SHARES = [0.5, 0.75, 0.25, 0.9, 0.1];
/** Where along a note a vertical leader may begin. */
const NOTE_SHARES = [0.5, 0.88, 0.06, 0.7, 0.3];
/** The least distance of a note from marks that it must not touch. */
const CLEARANCE = 3;
/**
 * The distances from the middle of a line to its top, its bottom, and the next line.
 */
const [ASCENT, DESCENT, LINE_HEIGHT] = [8, 8, 16];
/** How far notes may extend beyond a plot. */
const PLOT_OVERHANG = 10;
/** The space that an equals sign takes. */
const EQUALS_WIDTH = 20;
/** The thickness of the line from a note to its target. */
const HAIRLINE_WIDTH = 1.2;
/** The gaps between a leader and an arrow, and between a leader and a line. */
const [ARROW_GAP, LINE_GAP] = [3, 6];
/** How far notes keep away from the dotted line of an inhibition. */
const INHIBITION_REACH = 5;
/** Notes whose sizes differ by less are equally important. */
const SIZE_TOLERANCE = 0.15;

/** A rectangle by its edges. */
const boundsOf = (left, top, right, bottom) => ({ left, top, right, bottom });

/**
 * A note with its place.
 *
 * - `note`: see `noteOf` in `notes.js`
 * - `box`: the bounds of its texts
 * - `start, stop`: the ends of its line; the second is at its target
 * - `isRightAligned`: whether its texts end at the right of the box
 * - `targetId`: the arrow or the line of c that it explains
 */
class Placed {
  constructor(note, box, start, stop, isRightAligned, targetId) {
    Object.assign(this, { note, box, start, stop, isRightAligned, targetId });
  }

  /** The bounds of its line, except the end that touches its target. */
  get line() {
    const [x, y] = this.start;
    let [to, down] = this.stop;
    if (x === to) down += down < y ? LINE_GAP : -LINE_GAP;
    else to += to < x ? ARROW_GAP : -ARROW_GAP;
    return boundsOf(
      Math.min(x, to) - 1,
      Math.min(y, down) - 1,
      Math.max(x, to) + 1,
      Math.max(y, down) + 1,
    );
  }

  /** Its texts, and the line to its target. */
  marks() {
    const { note, box, isRightAligned, targetId } = this;
    const [y, value] = [box.top + ASCENT, `${note.id}-value`];
    const [side, anchor] = isRightAligned ? [box.right, "end"] : [box.left, "start"];
    const at =
      isRightAligned && note.isOneLine ? side - numberWidth(note) - EQUALS_WIDTH : side;
    const text = label(
      at,
      y,
      note.text,
      { step: note.step },
      [targetId, value],
      "block",
      {
        style: STRONG,
        fill: fillOf(note),
        says: note.says,
        id: note.id,
        anchor,
      },
    );
    const below = note.isOneLine ? y : y + LINE_HEIGHT;
    let x = isRightAligned ? side - numberWidth(note) : side;
    if (note.isOneLine) {
      x = textLeft(text) + width(note.text, undefined, true) + EQUALS_WIDTH / 2;
    }
    const equals = x + width(note.symbol, SMALL) + EQUALS_WIDTH / 2;
    return [
      text,
      label(x, below, note.symbol, LABEL_NAMES[note.symbol], [value], "row", {
        style: FINE,
      }),
      operator(equals, below, "="),
      numberOf(note, equals + EQUALS_WIDTH / 2, below),
      ...(note.remark
        ? [
            label(
              side,
              below + LINE_HEIGHT,
              note.remark,
              { step: note.step },
              [targetId, value],
              "block",
              {
                style: FINE,
                says: SAYS_SIGNED,
                id: `remark-${note.id}`,
                anchor,
              },
            ),
          ]
        : []),
      path(
        [
          ["M", this.start],
          ["L", this.stop],
        ],
        {
          stroke: note.paint,
          strokeWidth: HAIRLINE_WIDTH,
          bound: [bound.flow("points", note.id, targetId)],
        },
      ),
    ];
  }
}

/** The printed value of a note. */
const numberOf = (note, x = 0, y = 0) =>
  number(x, y, note.value, {
    size: SMALL,
    anchor: "start",
    fill: "muted",
    id: `${note.id}-value`,
    term: note.symbol[0],
  });

/** The width of the number with its symbol. */
const numberWidth = (note) =>
  width(note.symbol, SMALL) + EQUALS_WIDTH + textWidth(numberOf(note));

/** Note -> its width and height. */
const sizes = new WeakMap();

/** The width and the height of a note; cached, because each form needs it. */
function sizeOf(note) {
  if (!sizes.has(note)) sizes.set(note, measure(note));
  return sizes.get(note);
}

/** The width and the height of a note. */
function measure(note) {
  const [first, rest] = [width(note.text, undefined, true), numberWidth(note)];
  if (note.isOneLine) return [first + EQUALS_WIDTH / 2 + rest, ASCENT + DESCENT];
  const last = note.remark ? width(note.remark, SMALL) : 0;
  return [
    Math.max(first, rest, last),
    ASCENT + (note.remark ? 2 : 1) * LINE_HEIGHT + DESCENT,
  ];
}

/** Whether two rectangles overlap. */
const overlap = (first, second) =>
  first.left < second.right &&
  second.left < first.right &&
  first.top < second.bottom &&
  second.top < first.bottom;

/**
 * Candidate places of a note right and left of the arrow of a move. The first parameter
 * is a `Board`.
 */
function* sidePlaces({ steps, scale }, note, move) {
  const [x, [noteWidth, noteHeight]] = [move.x(steps), sizeOf(note)];
  const [start, stop] = [scale.at(move.start), scale.at(move.stop)];
  for (const side of [1, -1]) {
    for (const share of ARROW_SHARES) {
      for (const away of LEADER_LENGTHS) {
        const y = start + share * (stop - start);
        const left = side > 0 ? x + away : x - away - noteWidth;
        const box = boundsOf(
          left,
          y - ASCENT,
          left + noteWidth,
          y - ASCENT + noteHeight,
        );
        const ends = [
          [x + (away - ARROW_GAP) * side, y],
          [x + ARROW_GAP * side, y],
        ];
        yield new Placed(note, box, ...ends, side < 0, move.id);
      }
    }
  }
}

/**
 * Candidate places of a note above and below the line of c. The first parameter is a
 * `Board`.
 */
function* verticalPlaces({ steps, scale, c, id }, note) {
  const [x, [noteWidth, noteHeight]] = [steps.middle(note.t), sizeOf(note)];
  const y = scale.at(c.values[note.t - steps.first]);
  for (const away of DROP_LENGTHS) {
    for (const side of [-1, 1]) {
      for (const share of NOTE_SHARES) {
        const top = side < 0 ? y - away - noteHeight : y + away;
        const left = x - share * noteWidth;
        const box = boundsOf(left, top, left + noteWidth, top + noteHeight);
        const end = side < 0 ? box.bottom + 1 : top;
        yield new Placed(note, box, [x, end], [x, y], share > 0.5, id);
      }
    }
  }
}

/**
 * The plot of a unit in a band, on which notes are placed.
 *
 * - `steps, scale`: the columns of steps, and the scale of c
 * - `c, id`: c at these steps, and the id of its line
 * - `taken`: rectangles that neither notes nor their lines may touch
 * - `crossed`: rectangles that notes may not cover, but their lines may cross
 * - `frame`: the rectangle that contains every note
 * - `placed`: the notes placed so far
 */
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
    if (plan.trainedRun?.units.includes(unit)) {
      this.crossed.push(...course(steps, scale, plan.trainedRun.over(unit, steps), 3));
    }
    const right = innerWidth(plan.width);
    this.frame = boundsOf(
      steps.left + 2,
      -PLOT_OVERHANG,
      right,
      scale.start + PLOT_OVERHANG,
    );
    this.placed = [];
  }

  /** The first free place for a note, else null. */
  find(note) {
    const places = note.move
      ? sidePlaces(this, note, note.move)
      : verticalPlaces(this, note);
    for (const place of places) if (this.isFree(place)) return place;
    return null;
  }

  /** Add a note at its place. */
  put(placed) {
    this.placed.push(placed);
    this.taken.push(placed.box, placed.line);
  }

  /** Whether a note at this place covers nothing and stays inside the frame. */
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
      box.left - CLEARANCE,
      box.top - CLEARANCE,
      box.right + CLEARANCE,
      box.bottom + CLEARANCE,
    );
    return (
      !this.crossed.some((other) => overlap(near, other)) &&
      !this.taken.some((other) => overlap(near, other) || overlap(line, other))
    );
  }
}

/** The key of a band and a unit. */
const keyOf = (steps, unit) => `${steps.first} ${unit}`;

/**
 * Place a note of each kind, the most important kind first. The result has for each
 * form:
 *
 * - `placed`: the notes of a unit in a band
 * - `notesOf`: the notes of a unit in all bands
 * - `inhibition`: see `inhibitionOf`; at the step that has a note on it
 * - `printed`: whether every value is printed as a number
 * - `unnumberedUnits`: the units of which neither notes nor rows print a number
 */
export function formNotes(plans, inhibition) {
  const forms = plans.map(boards);
  for (const unit of plans[0].units) {
    const ownInhibition = inhibition?.target === unit ? inhibition : null;
    if (inhibition?.source === unit) {
      plans.forEach((plan, k) => reserveLine(plan, forms[k], inhibition));
    }
    for (const kind of kinds(plans[0], unit, ownInhibition)) {
      const note = put(kind, unit, plans, forms);
      const isShut = ownInhibition && note?.id.startsWith("shut-");
      if (isShut && ownInhibition.steps.includes(note.t)) {
        // The words on the weight explain the step that has a note.
        inhibition = { ...ownInhibition, t: note.t };
      }
    }
  }
  // The first form is the wide one, which decides.
  const isNoted = (unit) =>
    plans[0].bands.some((band) => forms[0].get(keyOf(band, unit)).placed.length);
  const printed = plans[0].withGates && arePrinted(plans[0], plans[0].bands[0]);
  const unnumberedUnits = printed
    ? []
    : plans[0].units.filter((unit) => !isNoted(unit));
  return plans.map((plan, k) => ({
    placed: (steps, unit) => forms[k].get(keyOf(steps, unit)).placed,
    notesOf: (unit) =>
      plan.bands.flatMap((band) => forms[k].get(keyOf(band, unit)).placed),
    inhibition,
    printed,
    unnumberedUnits,
  }));
}

/**
 * The candidate notes of a unit, one array for each kind; `ownInhibition` is the one
 * that shuts its input gate, or null.
 */
function kinds(plan, unit, ownInhibition) {
  return [
    ...(ownInhibition || plan.counts(unit)
      ? [shutNotes(plan, unit, ownInhibition?.steps)]
      : []),
    slipNotes(plan, unit),
    ...moveNotes(plan, unit),
  ];
}

/**
 * Place the first note of a kind that fits, in as many forms as possible, and return
 * it; null if none fits.
 *
 * - `kind`: the candidate notes, the most important first
 * - `plans, forms`: the layout of each form, and its boards by band and unit
 */
function put(kind, unit, plans, forms) {
  let best = [];
  for (const note of kind) {
    const candidates = plans.map((plan, k) => {
      const band = plan.hasArrow(note.move) && plan.band(note.t);
      return band ? forms[k].get(keyOf(band, unit)).find(note) : null;
    });
    // A note that fits both forms is better than one that fits the wide form alone, but
    // not if it is much less important.
    if (best[0] && note.size < best[0].note.size - SIZE_TOLERANCE) break;
    if (candidates[0] && (candidates[1] || !best.length)) best = candidates;
    if (candidates[0] && candidates[1]) break;
  }
  best.forEach((place, k) => {
    const band = place && plans[k].band(place.note.t);
    if (band) forms[k].get(keyOf(band, unit)).put(place);
  });
  return best[0]?.note ?? null;
}

/** A y above every note, because the line comes from the unit above. */
const ABOVE_ALL = -99;

/** Keep the place of the line of an inhibition free. */
function reserveLine(plan, boards, inhibition) {
  const band = plan.band(inhibition.t);
  if (!band) return;
  const board = boards.get(keyOf(band, inhibition.source));
  const c = plan.subject.steps[inhibition.t].c_prev[inhibition.source];
  const [x, y] = [band.edge(inhibition.t), board.scale.at(c)];
  const reach = INHIBITION_REACH;
  board.taken.push(boundsOf(x - reach, ABOVE_ALL, x + reach, y + reach));
}

/** An empty board for each band and unit. */
const boards = (plan) =>
  new Map(
    plan.bands.flatMap((steps) =>
      plan.units.map((unit) => [keyOf(steps, unit), new Board(plan, steps, unit)]),
    ),
  );

/** The scale of a unit's plot, from the top of the plot. */
export function scaleOf(plan, unit) {
  const [low, high] = plan.valueRange(unit);
  return new Scale(low, high, (high - low) * plan.pixels, 0);
}

/**
 * Bounds of a line over steps.
 *
 * - `scale`: from a value to its y
 * - `values`: the value of each step, a `Vector`
 * - `half`: half of the thickness to keep free
 */
const levels = (steps, scale, values, half) =>
  steps.ts.map((t, k) => {
    const [x, y] = [steps.edge(t), scale.at(values.values[k])];
    return boundsOf(x, y - half, x + steps.width, y + half);
  });

/** Bounds of a line over steps and of its risers. */
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

/** Bounds of the risers of c and of its arrows. */
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
      .map((move) => [move.x(steps), HEAD_WIDTH / 2 - 1, move.start, move.stop]),
  ];
  return ends.map(([x, half, a, b]) => {
    const [first, second] = [scale.at(a), scale.at(b)];
    return boundsOf(
      x - half,
      Math.min(first, second),
      x + half,
      Math.max(first, second),
    );
  });
}
