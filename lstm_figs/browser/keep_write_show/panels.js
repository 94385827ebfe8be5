// One unit: what it keeps, writes and shows, and the arrows of c and h:
// `figures/keep_write_show/panels.py`.

import { bound, box, path, Scale, textWidth } from "../twin/marks.js";
import { f32 } from "../twin/numbers.js";
import { ticksAcross, tickText } from "../twin/over_time.js";
import {
  FINE,
  FINE_STRONG,
  LABEL,
  label,
  number,
  paragraph,
  sentence,
  SMALL,
  STRONG,
  tick,
  width,
} from "../twin/words.js";
import { roundArrow } from "./arrows.js";
import { gaugeMarks, link } from "./gauges.js";
import { piece } from "./pieces.js";
import { role } from "./weight_rows.js";

/** The heights of the unit's name and of the tick labels. */
const [NAME_Y, TICKS_Y] = [14, 30];
/** The heights of the lines of words; each has its gauge below. */
export const WORDS_Y = { keep: 46, write: 82, show: 140 };
/** The height of a gauge, and its distance from the middle of its words. */
const [GAUGE_HEIGHT, GAUGE_OFFSET] = [13, 8];
/**
 * From the bottom of a gauge down to the name of its state, and to the horizontal part
 * of the state's arrow.
 */
const [STATE_OFFSET, RUN_OFFSET] = [12, 22];
/** The same if the name does not fit beside the arrow, and is below it. */
const [LOW_STATE_OFFSET, LOW_RUN_OFFSET] = [17, 6];
/** The space between the edge of a panel and its contents. */
export const PADDING = 8;
/** The distance from a panel to the arrow of c that leads back into it. */
const LOOP_OFFSET = 7;
/** The height of a panel. */
export const HEIGHT = 188;

/** The gate that fills each gauge. */
const GATE_OF = { keep: "f", write: "i", show: "o" };
/** The value that the gauge shows a part of. */
const PART_OF = { keep: "c_prev", write: "g", show: "tanh c" };
/** The wordings for gate and value; the longest that fits is used. */
const PHRASINGS = [
  (use) => [`${GATE_OF[use]} ${use}`, `of ${PART_OF[use]}`],
  (use) => [use, `of ${PART_OF[use]}`],
  (use) => [use, PART_OF[use]],
];
/** The space for a number, and the gap between words. */
const [NUMBER_WIDTH, WORD_GAP] = [42, 5];

/**
 * The numbers of a unit at a step: states, g, `retained` = f·c_prev, and `fullWrite`,
 * which is c if all of g were written.
 */
export function values(subject, t, unit) {
  const of = (name) => subject.vector(name, t)[unit];
  const [f, before, g] = [of("f"), of("c_prev"), of("g")];
  const at = `[${t}, 0, ${unit}]`;
  const retained = { value: f32(f.value * before.value), expr: `(f * c_prev)${at}` };
  const fullWrite = {
    value: f32(retained.value + g.value),
    expr: `(f * c_prev + g)${at}`,
  };
  const [c, tanh, h] = [of("c"), of("tanh_c"), of("h")];
  return { c_prev: before, retained, g, fullWrite, c, tanh_c: tanh, h };
}

/** The claim that the next step starts from the state that this one yields. */
export function handoverClaim(t, name) {
  const tensor = name === "h" ? "output" : name;
  return `torch.allclose(${name}_prev[${t + 1}, 0], ${tensor}[${t}, 0], equal_nan=True)`;
}

/** The id of the words where a gate's ribbon ends. */
export const wordsId = (t, gate, unit) => `said-${t}-${gate}-${unit}`;

/** One scale for all panels, with whole numbers at its ends. */
export function scaleOf(allValues, left, right) {
  const reached = allValues.flatMap((unitValues) =>
    [unitValues.c_prev, unitValues.retained, unitValues.fullWrite, unitValues.c].map(
      ({ value }) => value,
    ),
  );
  const low = Math.floor(Math.min(-1, ...reached) + 1e-5);
  const high = Math.ceil(Math.max(1, ...reached) - 1e-5);
  return new Scale(low, high, left + PADDING + 1, right - PADDING - 1);
}

/**
 * The panel of one unit.
 *
 * - `t, unit`: the step, from 0, and the unit
 * - `value`: its numbers, from `values`
 * - `width`: the width of the panel
 * - `scale`: the scale of all gauges
 * - `inset`: the x at which the words begin, right of gates in the panel
 * - `idSuffix`: the end of the ids of its marks
 * - `left, right`: the edges of words and gauges
 */
export class Panel {
  constructor(fields) {
    Object.assign(this, fields);
    this.idSuffix = `${this.t}-${this.unit}`;
    this.left = this.inset + PADDING;
    this.right = this.width - PADDING;
  }

  /** The longest phrasing of what a gate does, and to what, that fits. */
  get phrasing() {
    const maxWidth = this.right - this.left - NUMBER_WIDTH;
    const phraseWidth = (phrasing, use) => {
      const [first, second] = phrasing(use);
      return (
        width(first, SMALL, true) + WORD_GAP + width(second, SMALL, use === "write")
      );
    };
    const fits = (phrasing) =>
      Object.keys(GATE_OF).every((use) => phraseWidth(phrasing, use) <= maxWidth);
    return PHRASINGS.find(fits) ?? PHRASINGS.at(-1);
  }

  /** All pieces, with the left top at 0, 0, but not the arrows of c and h. */
  pieces() {
    const { value, idSuffix: at, unit } = this;
    const background = box({
      x: 0,
      y: 0,
      width: this.width,
      height: HEIGHT,
      radius: 6,
      fill: "panel",
      id: `unit-${unit}`,
    });
    const own = [`of-*-${at}`, `c-${at}`, `h-${at}`];
    const name = label(PADDING, NAME_Y, `unit ${unit}`, { unit }, own, "block", {
      style: STRONG,
    });
    const operands = {
      keep: ["c_prev", value.c_prev],
      write: ["g", value.g],
      show: ["tanh_c", value.tanh_c],
    };
    const retainedX = this.scale.at(value.retained.value);
    const between = [WORDS_Y.write - 6, WORDS_Y.write + 5];
    return [
      piece("", [background, name, ...this.axis()]),
      ...Object.entries(this.gauges()).map(([use, gauge]) =>
        piece(use, [
          ...this.actionWords(use, ...operands[use]),
          ...gaugeMarks(gauge, WORDS_Y[use] + GAUGE_OFFSET, this.scale, GAUGE_HEIGHT),
        ]),
      ),
      piece("write", [
        link(
          [retainedX, WORDS_Y.keep + GAUGE_OFFSET + GAUGE_HEIGHT],
          WORDS_Y.write + GAUGE_OFFSET,
          between,
          `keep-${at}`,
          `write-${at}`,
        ),
      ]),
      piece("write", this.state("c", value.c, "write")),
      piece("show", this.state("h", value.h, "show")),
    ];
  }

  /** The arrows to the next step: c back into the unit, h along `hPath`. */
  handover(hPath) {
    const pieces = [piece("keep", [this.cArrow(), this.destination()])];
    if (hPath.length) pieces.push(piece("show", [this.hArrow(hPath)]));
    return pieces;
  }

  /** The arrow of c back into the unit. */
  cArrow() {
    const { idSuffix: at } = this;
    const out = this.width + LOOP_OFFSET;
    const [x, y, run] = this.exit("c", this.value.c, "write");
    return roundArrow(
      [
        [x, y],
        [x, run],
        [out, run],
        [out, WORDS_Y.keep],
        [this.right + 2, WORDS_Y.keep],
      ],
      {
        paint: "c",
        strokeWidth: 2.5,
        term: "c c_prev",
        bound: [bound.flow("returns", `c-${at}`, `of-c_prev-${at}`)],
      },
    );
  }

  /** The words for the step at which c is c_prev. */
  destination() {
    const nextLabel = this.t + 2;
    const maxWidth =
      this.right - PADDING - WORD_GAP - width(`unit ${this.unit}`, LABEL, true);
    const isFull = width(`c_prev of step ${nextLabel}`, SMALL) <= maxWidth;
    const [lines] = paragraph(
      this.right,
      NAME_Y - 8,
      sentence(
        `${isFull ? "c_prev of step" : "to step"} {}`,
        [[nextLabel, nextLabel]],
        handoverClaim(this.t, "c"),
      ),
      maxWidth,
      { size: SMALL, anchor: "end" },
    );
    return lines;
  }

  /** The arrow of h out of the unit. */
  hArrow(hPath) {
    const [x, y, run] = this.exit("h", this.value.h, "show");
    return roundArrow([[x, y], [x, run], [hPath[0][0], run], ...hPath], {
      paint: "h",
      strokeWidth: 1.5,
      term: "h h_prev",
      bound: [bound.flow("returns", `h-${this.idSuffix}`, `h_prev-${this.t}`)],
    });
  }

  /** The gauge of each use. */
  gauges() {
    const { value, idSuffix: at } = this;
    const of = value.retained.expr;
    const both = (other) => `torch.stack([${of}, ${other.expr}])`;
    return {
      keep: {
        start: 0,
        available: value.c_prev.value,
        passed: value.retained.value,
        availableExpr: value.c_prev.expr,
        passedExpr: of,
        outline: "muted",
        paint: "gate-f",
        id: `keep-${at}`,
        term: "f c_prev",
      },
      write: {
        start: value.retained.value,
        available: value.fullWrite.value,
        passed: value.c.value,
        availableExpr: both(value.fullWrite),
        passedExpr: both(value.c),
        outline: "gate-g",
        paint: "gate-i",
        id: `write-${at}`,
        term: "i g",
      },
      show: {
        start: 0,
        available: value.tanh_c.value,
        passed: value.h.value,
        availableExpr: value.tanh_c.expr,
        passedExpr: value.h.expr,
        outline: "muted",
        paint: "gate-o",
        id: `show-${at}`,
        term: "o tanh_c",
      },
    };
  }

  /** Lines behind the gauges at 0 and at other round values, with their ticks. */
  axis() {
    return ticksAcross(this.scale, 5, 0, this.width).flatMap((value) => {
      const x = this.scale.at(value);
      const d = Object.values(WORDS_Y).flatMap((y) => [
        ["M", [x, y + GAUGE_OFFSET - 3]],
        ["L", [x, y + GAUGE_OFFSET + GAUGE_HEIGHT + 3]],
      ]);
      const stroke = value === 0 ? "muted" : "rule";
      return [
        path(d, { stroke, strokeWidth: 0.75 }),
        tick(x, TICKS_Y, tickText(value), "middle"),
      ];
    });
  }

  /** The words for what a gate does, and to what number. */
  actionWords(use, name, value) {
    const { idSuffix: at, t, unit } = this;
    const [gate, y] = [GATE_OF[use], WORDS_Y[use]];
    const [first, second] = this.phrasing(use);
    const action = label(
      this.left,
      y,
      first,
      { gate, unit },
      [`${gate}-${at}-cell`],
      "row",
      {
        style: FINE_STRONG,
        fill: role(gate),
        term: gate,
        id: wordsId(t, gate, unit),
      },
    );
    const numberId = `of-${name}-${at}`;
    const isNew = name === "g";
    const ids = isNew ? [numberId, `g-${at}-cell`] : [numberId];
    const from = this.left + textWidth(action) + WORD_GAP;
    const of = label(from, y, second, { tensor: name, unit }, ids, "row", {
      style: isNew ? FINE_STRONG : FINE,
      fill: isNew ? role("g") : "muted",
      term: name,
      id: isNew ? wordsId(t, "g", unit) : "",
    });
    const options = {
      size: SMALL,
      maxChars: 5,
      anchor: "end",
      id: numberId,
      term: name,
    };
    return [action, of, number(this.right, y, value, options)];
  }

  /** The state at the end of a gauge, beside the arrow that leaves there. */
  state(name, value, use) {
    const place = this.place(name, value);
    const end = `${name}-${this.idSuffix}`;
    const y =
      WORDS_Y[use] +
      GAUGE_OFFSET +
      GAUGE_HEIGHT +
      (place.isBelow ? LOW_STATE_OFFSET : STATE_OFFSET);
    const stateLabel = label(
      place.left,
      y,
      name,
      { tensor: name, unit: this.unit },
      [end],
      "row",
      {
        style: STRONG,
        term: name,
      },
    );
    const left = place.left + textWidth(stateLabel) + 4;
    return [
      stateLabel,
      number(left, y, value, { ...STATE_OPTIONS, id: end, term: name }),
    ];
  }

  /** The left of a state's words, and whether they are below the arrow's line. */
  place(name, value) {
    const stateWidth =
      width(name, LABEL, true) +
      4 +
      textWidth(number(0, 0, value, { ...STATE_OPTIONS }));
    const end = this.scale.at(value.value);
    const left = [end - 6 - stateWidth, end + 6].find(
      (x) => this.left <= x && x <= this.right - stateWidth,
    );
    if (left !== undefined) return { left, isBelow: false };
    const under = Math.min(Math.max(this.left, end), this.right - stateWidth);
    return { left: under, isBelow: true };
  }

  /** Where the arrow of a state begins, and the y along which it runs. */
  exit(name, value, use) {
    const bottom = WORDS_Y[use] + GAUGE_OFFSET + GAUGE_HEIGHT;
    const { isBelow } = this.place(name, value);
    return [
      this.scale.at(value.value),
      bottom,
      bottom + (isBelow ? LOW_RUN_OFFSET : RUN_OFFSET),
    ];
  }
}

/** The look of the numbers c and h. */
const STATE_OPTIONS = { size: LABEL, maxChars: 6, anchor: "start", bold: true };
