// One unit: what it keeps, writes and shows, and where c and h go:
// `figures/keep_write_show/panels.py`.

import { bound, box, path, Scale, textWidth } from "../twin/marks.js";
import { f32 } from "../twin/numbers.js";
import { said, ticksAcross } from "../twin/over_time.js";
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
import { gauge, link } from "./gauges.js";
import { piece } from "./pieces.js";
import { role } from "./weight_rows.js";

const [NAME, TICKS] = [14, 30];
export const LINES = { keep: 46, write: 82, show: 140 };
const [BAR, BELOW] = [13, 8];
const [STATE, RUN] = [12, 22];
const [UNDER, NEAR] = [17, 6];
export const SIDE = 8;
const LOOP = 7;
export const HEIGHT = 188;

const GATE = { keep: "f", write: "i", show: "o" };
const PART = { keep: "c_prev", write: "g", show: "tanh c" };
const WAYS = [
  (use) => [`${GATE[use]} ${use}`, `of ${PART[use]}`],
  (use) => [use, `of ${PART[use]}`],
  (use) => [use, PART[use]],
];
const [NUMBER, SPACE] = [42, 5];

/** The numbers of a unit at one step; `edge` is c if all of g were written. */
export function values(subject, t, unit) {
  const of = (name) => subject.vector(name, t)[unit];
  const [f, before, g] = [of("f"), of("c_prev"), of("g")];
  const at = `[${t}, 0, ${unit}]`;
  const kept = { value: f32(f.value * before.value), expr: `(f * c_prev)${at}` };
  const edge = { value: f32(kept.value + g.value), expr: `(f * c_prev + g)${at}` };
  const [c, tanh, h] = [of("c"), of("tanh_c"), of("h")];
  return { c_prev: before, kept, g, edge, c, tanh_c: tanh, h };
}

/** The claim that the next step reads of a state what this one made. */
export function same(t, name) {
  const made = name === "h" ? "output" : name;
  return `torch.allclose(${name}_prev[${t + 1}, 0], ${made}[${t}, 0], equal_nan=True)`;
}

/** The id of the words at which a gate's ribbon arrives. */
export const saidId = (t, gate, unit) => `said-${t}-${gate}-${unit}`;

/** Where values are in panels: one scale for all, from whole numbers. */
export function scaleOf(every, left, right) {
  const reached = every.flatMap((one) =>
    [one.c_prev, one.kept, one.edge, one.c].map(({ value }) => value),
  );
  const low = Math.floor(Math.min(-1, ...reached) + 1e-5);
  const high = Math.ceil(Math.max(1, ...reached) - 1e-5);
  return new Scale(low, high, left + SIDE + 1, right - SIDE - 1);
}

/** A unit that is drawn. */
export class Panel {
  constructor(given) {
    Object.assign(this, given);
    this.at = `${this.t}-${this.unit}`;
    this.left = this.inset + SIDE;
    this.right = this.width - SIDE;
  }

  /** How it is said what a gate does and to what, as there is room. */
  get ways() {
    const room = this.right - this.left - NUMBER;
    const wide = (way, use) => {
      const [first, second] = way(use);
      return width(first, SMALL, true) + SPACE + width(second, SMALL, use === "write");
    };
    const fits = (way) => Object.keys(GATE).every((use) => wide(way, use) <= room);
    return WAYS.find(fits) ?? WAYS.at(-1);
  }

  /** All of it, from 0, 0, but for the ways of c and h. */
  drawn() {
    const { value, at, unit } = this;
    const ground = box({
      x: 0,
      y: 0,
      width: this.width,
      height: HEIGHT,
      radius: 6,
      fill: "panel",
      id: `unit-${unit}`,
    });
    const own = [`of-*-${at}`, `c-${at}`, `h-${at}`];
    const name = label(SIDE, NAME, `unit ${unit}`, { unit }, own, "block", {
      style: STRONG,
    });
    const operands = {
      keep: ["c_prev", value.c_prev],
      write: ["g", value.g],
      show: ["tanh_c", value.tanh_c],
    };
    const kept = this.scale.at(value.kept.value);
    const between = [LINES.write - 6, LINES.write + 5];
    return [
      piece("", [ground, name, ...this.axis()]),
      ...Object.entries(this.gauges()).map(([use, one]) =>
        piece(use, [
          ...this.said(use, ...operands[use]),
          ...gauge(one, LINES[use] + BELOW, this.scale, BAR),
        ]),
      ),
      piece("write", [
        link(
          [kept, LINES.keep + BELOW + BAR],
          LINES.write + BELOW,
          between,
          `keep-${at}`,
          `write-${at}`,
        ),
      ]),
      piece("write", this.state("c", value.c, "write")),
      piece("show", this.state("h", value.h, "show")),
    ];
  }

  /** The ways of c, back into the unit, and of h, out of it along `bus`. */
  leadsOn(bus) {
    const { t, at, value, right } = this;
    const after = t + 2;
    const out = this.width + LOOP;
    const [x, y, run] = this.leaves("c", value.c, "write");
    const back = roundArrow(
      [
        [x, y],
        [x, run],
        [out, run],
        [out, LINES.keep],
        [right + 2, LINES.keep],
      ],
      {
        paint: "c",
        strokeWidth: 2.5,
        term: "c c_prev",
        bound: [bound.flow("returns", `c-${at}`, `of-c_prev-${at}`)],
      },
    );
    const room = right - SIDE - SPACE - width(`unit ${this.unit}`, LABEL, true);
    const whole = width(`c_prev of step ${after}`, SMALL) <= room;
    const [told] = paragraph(
      right,
      NAME - 8,
      sentence(
        `${whole ? "c_prev of step" : "to step"} {}`,
        [[after, after]],
        same(t, "c"),
      ),
      room,
      { size: SMALL, anchor: "end" },
    );
    if (!bus.length) return [piece("keep", [back, told])];
    const [start, level, along] = this.leaves("h", value.h, "show");
    const on = roundArrow(
      [[start, level], [start, along], [bus[0][0], along], ...bus],
      {
        paint: "h",
        strokeWidth: 1.5,
        term: "h h_prev",
        bound: [bound.flow("returns", `h-${at}`, `h_prev-${t}`)],
      },
    );
    return [piece("keep", [back, told]), piece("show", [on])];
  }

  /** The gauges, each of which begins where c stands. */
  gauges() {
    const { value, at } = this;
    const of = value.kept.expr;
    const both = (other) => `torch.stack([${of}, ${other.expr}])`;
    return {
      keep: {
        start: 0,
        there: value.c_prev.value,
        passed: value.kept.value,
        thereOf: value.c_prev.expr,
        passedOf: of,
        around: "muted",
        paint: "gate-f",
        id: `keep-${at}`,
        term: "f c_prev",
      },
      write: {
        start: value.kept.value,
        there: value.edge.value,
        passed: value.c.value,
        thereOf: both(value.edge),
        passedOf: both(value.c),
        around: "gate-g",
        paint: "gate-i",
        id: `write-${at}`,
        term: "i g",
      },
      show: {
        start: 0,
        there: value.tanh_c.value,
        passed: value.h.value,
        thereOf: value.tanh_c.expr,
        passedOf: value.h.expr,
        around: "muted",
        paint: "gate-o",
        id: `show-${at}`,
        term: "o tanh_c",
      },
    };
  }

  /** Lines behind the gauges, at 0 and at other whole numbers. */
  axis() {
    return ticksAcross(this.scale, 5, 0, this.width).flatMap((value) => {
      const x = this.scale.at(value);
      const d = Object.values(LINES).flatMap((y) => [
        ["M", [x, y + BELOW - 3]],
        ["L", [x, y + BELOW + BAR + 3]],
      ]);
      const stroke = value === 0 ? "muted" : "rule";
      return [
        path(d, { stroke, strokeWidth: 0.75 }),
        tick(x, TICKS, said(value), "middle"),
      ];
    });
  }

  /** What a gate does, and to what. */
  said(use, name, one) {
    const { at, t, unit } = this;
    const [gate, y] = [GATE[use], LINES[use]];
    const [first, second] = this.ways(use);
    const does = label(
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
        id: saidId(t, gate, unit),
      },
    );
    const again = `of-${name}-${at}`;
    const isNew = name === "g";
    const ids = isNew ? [again, `g-${at}-cell`] : [again];
    const from = this.left + textWidth(does) + SPACE;
    const of = label(from, y, second, { tensor: name, unit }, ids, "row", {
      style: isNew ? FINE_STRONG : FINE,
      fill: isNew ? role("g") : "muted",
      term: name,
      id: isNew ? saidId(t, "g", unit) : "",
    });
    const given = { size: SMALL, room: 5, anchor: "end", id: again, term: name };
    return [does, of, number(this.right, y, one, given)];
  }

  /** What a gauge ends at, beside the line that leads on from there. */
  state(name, one, use) {
    const place = this.place(name, one);
    const end = `${name}-${this.at}`;
    const y = LINES[use] + BELOW + BAR + (place.isUnder ? UNDER : STATE);
    const named = label(
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
    const left = place.left + textWidth(named) + 4;
    return [named, number(left, y, one, { ...STATED, id: end, term: name })];
  }

  /** Where the words of a state stand. */
  place(name, one) {
    const wide =
      width(name, LABEL, true) + 4 + textWidth(number(0, 0, one, { ...STATED }));
    const end = this.scale.at(one.value);
    const left = [end - 6 - wide, end + 6].find(
      (x) => this.left <= x && x <= this.right - wide,
    );
    if (left !== undefined) return { left, wide, isUnder: false };
    const under = Math.min(Math.max(this.left, end), this.right - wide);
    return { left: under, wide, isUnder: true };
  }

  /** Where the line of a state begins, and the line that it runs on. */
  leaves(name, one, use) {
    const bottom = LINES[use] + BELOW + BAR;
    const { isUnder } = this.place(name, one);
    return [this.scale.at(one.value), bottom, bottom + (isUnder ? NEAR : RUN)];
  }
}

const STATED = { size: LABEL, room: 6, anchor: "start", bold: true };
