// One unit: what it keeps, writes and shows, and the arrows of c and h:
// `figures/keep_write_show/panels.py`.

import { bound, box, path, Scale, textWidth } from "../twin/marks.js";
import { f32 } from "../twin/numbers.js";
import {
  FINE,
  FINE_STRONG,
  LABEL,
  label,
  LINE,
  NOTE,
  number,
  paragraph,
  sentence,
  SMALL,
  STRONG,
  width,
} from "../twin/words.js";
import { roundArrow } from "./arrows.js";
import { gaugeMarks, link } from "./gauges.js";
import { piece } from "./pieces.js";
import { role } from "./weight_rows.js";

/** The height of the unit's name. */
const NAME_Y = 15;
/** The heights of the lines of words; each has its gauge below. */
export const WORDS_Y = { keep: 36, write: 75, show: 141 };
/** The height and the width of the line between what makes c and what makes h. */
const [SPLIT_Y, SPLIT_WIDTH] = [128, 3];
/** The height of a gauge, and its distance from the middle of its words. */
const [GAUGE_HEIGHT, GAUGE_OFFSET] = [15, 11];
/**
 * From the bottom of a gauge down to the name of its state, and to the horizontal part
 * of the state's arrow.
 */
const [STATE_OFFSET, RUN_OFFSET] = [12, 22];
/** The same if the name does not fit beside the arrow, and is below it. */
const [LOW_STATE_OFFSET, LOW_RUN_OFFSET] = [17, 6];
/** How far above and below the middle of the words of a write its link is interrupted. */
const LINK_GAP = [7, 9];
/** From the middle of the unit's name up to the words above the arrow of c. */
const DESTINATION_RISE = 8;
/** The most characters of a number, and of the value of c or h. */
const [MAX_CHARS, MAX_STATE_CHARS] = [5, 6];
/** The gap between the name of c or h and its value. */
const STATE_NAME_GAP = 4;
/** The gap between an arrow and the number that it points to. */
const ARROW_GAP = 3;
/** The space between the edge of a panel and its contents. */
export const PADDING = 8;
/** The distance from a panel to the arrow of c that leads back into it. */
const LOOP_OFFSET = 7;
/** The height of a panel. */
export const HEIGHT = 194;

/** The gate that fills each gauge. */
const GATE_OF = { keep: "f", write: "i", show: "o" };
/** The tensor that the gate is applied to. */
const OPERAND_OF = { keep: "c_prev", write: "g", show: "tanh_c" };
/** Its name in the words. */
const PART_OF = { keep: "c_prev", write: "g", show: "tanh c" };
/** The wordings for gate and value; the longest that fits is used. */
const PHRASINGS = [
  (use) => [`${GATE_OF[use]} ${use}`, `of ${PART_OF[use]}`],
  (use) => [use, `of ${PART_OF[use]}`],
  (use) => [use, PART_OF[use]],
];
/** The words above the arrow of c; the longest that fits is used. */
const NEXT_WORDS = ["c goes to step {}", "to step {}"];
/** The space for a number, and the gap between words. */
const [NUMBER_WIDTH, WORD_GAP] = [42, 5];
/** The name of a dashed part. */
const REST_NAME = "left out";
/** The gap between the line from a gauge and the words beside it. */
const STATE_GAP = 6;
/** The least width of a dashed part that is named, and the space beside a name in it. */
const [MIN_REST, REST_PADDING] = [6, 3];

/**
 * The numbers of a unit at a step: states, g, `retained` = f·c_prev, and `fullWrite`,
 * which is c if all of g were written.
 */
export function values(subject, t, unit) {
  const of = (name) => subject.vector(name, t)[unit];
  const [f, before, g] = [of("f"), of("c_prev"), of("g")];
  const at = `[${t}, 0, ${unit}]`;
  const product = (first, second, expr) => ({
    ...first,
    value: f32(first.value * second.value),
    expr: `(${expr})${at}`,
  });
  const retained = product(f, before, "f * c_prev");
  const addition = product(of("i"), g, "i * g");
  const fullWrite = {
    value: f32(retained.value + g.value),
    expr: `(f * c_prev + g)${at}`,
  };
  const [c, tanh, h] = [of("c"), of("tanh_c"), of("h")];
  return { c_prev: before, retained, g, addition, fullWrite, c, tanh_c: tanh, h };
}

/** The width of these words. */
function phraseWidth(phrasing, use) {
  const [first, second] = phrasing(use);
  return width(first, SMALL, true) + WORD_GAP + width(second, SMALL, use === "write");
}

/**
 * The claim that step `t + 1` starts from the state `name`, c or h, that step `t`
 * yields.
 */
export function handoverClaim(t, name) {
  const tensor = name === "h" ? "output" : name;
  return `torch.allclose(${name}_prev[${t + 1}, 0], ${tensor}[${t}, 0], equal_nan=True)`;
}

/** The id of the words where the ribbon of a gate ends, at a step from 0. */
export const wordsId = (t, gate, unit) => `said-${t}-${gate}-${unit}`;

/**
 * One scale for all panels, with whole numbers at its ends.
 *
 * - `allValues`: for each unit, the numbers from `values`
 * - `left, right`: the left of the words, and the right of the panel
 */
export function scaleOf(allValues, left, right) {
  const reached = allValues.flatMap((unitValues) =>
    [unitValues.c_prev, unitValues.retained, unitValues.fullWrite, unitValues.c].map(
      ({ value }) => value,
    ),
  );
  // 1e-5, because a whole number may be missed by a float error.
  const low = Math.floor(Math.min(-1, ...reached) + 1e-5);
  const high = Math.ceil(Math.max(1, ...reached) - 1e-5);
  return new Scale(low, high, left + PADDING + 1, right - PADDING - NUMBER_WIDTH - 1);
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
    const own = ["of-*", "kept", "written", "c", "h"].map((name) => `${name}-${at}`);
    const name = label(PADDING, NAME_Y, `unit ${unit}`, { unit }, own, "block", {
      style: STRONG,
    });
    const results = { keep: ["kept", value.retained], write: ["written", value.addition] };
    const retainedX = this.scale.at(value.retained.value);
    const between = [WORDS_Y.write - LINK_GAP[0], WORDS_Y.write + LINK_GAP[1]];
    return [
      piece("", [background, name, this.zeroLines(), this.split()]),
      ...Object.entries(this.gauges()).map(([use, gauge]) =>
        piece(use, [
          ...this.actionWords(use),
          ...gaugeMarks(gauge, WORDS_Y[use] + GAUGE_OFFSET, this.scale, GAUGE_HEIGHT),
          ...(results[use] ? [this.result(use, ...results[use])] : []),
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
    const operand = this.operandNumber("keep");
    return roundArrow(
      [
        [x, y],
        [x, run],
        [out, run],
        [out, WORDS_Y.keep],
        [operand.x + textWidth(operand) + ARROW_GAP, WORDS_Y.keep],
      ],
      {
        paint: "c",
        strokeWidth: 2.5,
        term: "c c_prev",
        bound: [bound.flow("returns", `c-${at}`, `of-c_prev-${at}`)],
      },
    );
  }

  /** The words above the arrow of c for the step that it leads to. */
  destination() {
    // `t` counts from 0, labels from 1.
    const nextLabel = this.t + 2;
    const maxWidth =
      this.right - PADDING - WORD_GAP - width(`unit ${this.unit}`, LABEL, true);
    const fits = (words) => width(words.replace("{}", nextLabel), SMALL) <= maxWidth;
    const [lines] = paragraph(
      this.right,
      NAME_Y - DESTINATION_RISE,
      sentence(
        NEXT_WORDS.find(fits) ?? NEXT_WORDS.at(-1),
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

  /** A line behind each gauge at 0. */
  zeroLines() {
    const x = this.scale.at(0);
    const d = Object.values(WORDS_Y).flatMap((y) => [
      // Two pixels longer than the gauge at both ends.
      ["M", [x, y + GAUGE_OFFSET - 2]],
      ["L", [x, y + GAUGE_OFFSET + GAUGE_HEIGHT + 2]],
    ]);
    return path(d, { stroke: "muted", strokeWidth: 0.75 });
  }

  /** A line of paper between what makes c and what makes h. */
  split() {
    const d = [
      ["M", [0, SPLIT_Y]],
      ["L", [this.width, SPLIT_Y]],
    ];
    return path(d, { stroke: "paper", strokeWidth: SPLIT_WIDTH });
  }

  /** The value that a gate is applied to, after its words. */
  operandNumber(use) {
    const name = OPERAND_OF[use];
    const x = this.left + phraseWidth(this.phrasing, use) + WORD_GAP;
    return number(x, WORDS_Y[use], this.value[name], {
      size: SMALL,
      maxChars: MAX_CHARS,
      anchor: "start",
      fill: "muted",
      id: `of-${name}-${this.idSuffix}`,
      term: name,
    });
  }

  /** The words for what a gate does, and to what number. */
  actionWords(use) {
    const { idSuffix: at, t, unit } = this;
    const [name, gate, y] = [OPERAND_OF[use], GATE_OF[use], WORDS_Y[use]];
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
    const operand = this.operandNumber(use);
    const isNew = name === "g";
    const ids = isNew ? [operand.id, `g-${at}-cell`] : [operand.id];
    const from = this.left + textWidth(action) + WORD_GAP;
    const of = label(from, y, second, { tensor: name, unit }, ids, "row", {
      style: isNew ? FINE_STRONG : FINE,
      fill: isNew ? role("g") : "muted",
      term: name,
      id: isNew ? wordsId(t, "g", unit) : "",
    });
    return [action, of, operand];
  }

  /** How much a gate lets through, beside its gauge. */
  result(use, id, value) {
    const gate = GATE_OF[use];
    return number(
      this.right,
      WORDS_Y[use] + GAUGE_OFFSET + GAUGE_HEIGHT / 2,
      value,
      {
        size: SMALL,
        maxChars: MAX_CHARS,
        anchor: "end",
        fill: role(gate),
        bold: true,
        id: `${id}-${this.idSuffix}`,
        term: `${gate} ${OPERAND_OF[use]}`,
      },
    );
  }

  /** What each gate does not let through, if it is wide enough to see. */
  rests() {
    const { retained, c_prev: before, c, fullWrite, h, tanh_c: tanh } = this.value;
    return [
      ["keep", retained, before],
      ["write", c, fullWrite],
      ["show", h, tanh],
    ]
      .map(([use, passed, available]) => {
        const [start, stop] = [passed, available].map(({ value }) => this.scale.at(value));
        const length = stop - start;
        const nameWidth = width(REST_NAME, SMALL);
        const sign = Math.sign(length);
        const isInside = Math.abs(length) > nameWidth + REST_PADDING;
        const nameX = isInside
          ? (start + stop - sign * nameWidth) / 2
          : stop + sign * STATE_GAP;
        const claim = `bool(${passed.expr} != ${available.expr})`;
        return { unit: this.unit, use, length, nameX, nameWidth, sign, claim };
      })
      .filter(({ length }) => Math.abs(length) >= MIN_REST);
  }

  /** Whether the name of a rest fits inside or beside it, off the line at zero. */
  hasSpace({ use, nameX, nameWidth, sign }) {
    const end = nameX + sign * nameWidth;
    const numberWidth = use === "keep" ? NUMBER_WIDTH : 0;
    return use !== "write" && this.left <= end && end <= this.right - numberWidth;
  }

  /** The name of the dashed part of a gauge. */
  restName({ use, nameX, sign, claim }) {
    const y = WORDS_Y[use] + GAUGE_OFFSET + GAUGE_HEIGHT / 2;
    const [lines] = paragraph(
      nameX,
      y - (LINE * SMALL) / NOTE / 2,
      sentence(REST_NAME, [], claim),
      this.width,
      { size: SMALL, anchor: sign > 0 ? "start" : "end" },
    );
    return piece(use, [lines]);
  }

  /**
   * The name and the value of c or h at the end of a gauge, beside the arrow that
   * leaves there; `use` is that of the gauge.
   */
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
    const left = place.left + textWidth(stateLabel) + STATE_NAME_GAP;
    return [
      stateLabel,
      number(left, y, value, { ...STATE_OPTIONS, id: end, term: name }),
    ];
  }

  /** The left of a state's words, and whether they are below the arrow's line. */
  place(name, value) {
    const stateWidth =
      width(name, LABEL, true) +
      STATE_NAME_GAP +
      textWidth(number(0, 0, value, { ...STATE_OPTIONS }));
    const end = this.scale.at(value.value);
    const left = [end - STATE_GAP - stateWidth, end + STATE_GAP].find(
      (x) => this.left <= x && x <= this.right - stateWidth,
    );
    if (left !== undefined) return { left, isBelow: false };
    const under = Math.min(Math.max(this.left, end), this.right - stateWidth);
    return { left: under, isBelow: true };
  }

  /**
   * Where the arrow of a state leaves its gauge: x, y, and the y along which it runs.
   */
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
const STATE_OPTIONS = { size: LABEL, maxChars: MAX_STATE_CHARS, anchor: "start", bold: true };
