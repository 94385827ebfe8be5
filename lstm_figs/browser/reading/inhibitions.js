// The weight by which one unit shuts the input gate of another:
// `figures/reading/inhibitions.py`.

import { f32, roundHalfEven } from "../twin/numbers.js";
import { bound, box, group, path, textWidth } from "../twin/marks.js";
import {
  FINE,
  label,
  LABEL,
  middleToBaseline,
  number,
  operator,
  SMALL,
  STRONG_CODE,
} from "../twin/words.js";
import { MIN_OFFER, SHUT } from "./moves.js";

/** The gate would have been open if it were at least this without the weight. */
const MIN_OPEN = 0.25;
/** The name of the gate without the weight in the preamble. */
const GATE_WITHOUT = "i_without";
/** The colour of the bar and the dotted line. */
const PAINT = "neg";
/** The thickness of the bar under a shut gate. */
export const BAR_HEIGHT = 3;
/** The radius of the dot where the dotted line begins. */
const DOT_RADIUS = 2.5;
/** The size of the arrowhead at its end. */
const [TIP_HEIGHT, TIP_HALF_WIDTH] = [7, 4];
/** The spaces between two statements on one line, and between their words. */
const [PHRASE_SPACE, WORD_SPACE] = [12, 5];
/** The gaps from the dotted line to words, and between two lines of words. */
const [WORDS_GAP, LINE_HEIGHT] = [12, 17];

/**
 * How one of the units shuts the input gate of the one above it, the pair with the most
 * such steps; null if none does.
 *
 * - `target, source`: the unit whose gate is shut, and the one that shuts it
 * - `gateWithout`: the gate at each step, if the weight between them were 0
 * - `steps`: the steps at which the weight shuts the gate
 * - `t`: the step that is explained in words
 */
export const inhibitionOf = (subject, units) =>
  units
    .slice(1)
    .map((source, k) => inhibition(subject, units[k], source))
    .reduce((best, other) => {
      const most = best?.steps.length ?? 0;
      return other?.steps.length > most ? other : best;
    }, null);

/** How `source` shuts the input gate of `target`; null if it does not. */
function inhibition(subject, target, source) {
  const weight = subject.parameter("weight_hh", target, source).value;
  const gateWithout = subject.steps.map((step) =>
    subject.gateWithout(step.z_i[target], weight, step.h_prev[source]),
  );
  const i = subject.series("i", target).values;
  const g = subject.series("g", target).values;
  const steps = i
    .map((_, t) => t)
    .filter((t) => i[t] <= f32(SHUT) && gateWithout[t] >= MIN_OPEN);
  // The line begins at the step before, and a small g would not be written anyway.
  const candidates = steps.filter((t) => t && Math.abs(g[t]) >= MIN_OFFER);
  if (!candidates.length) return null;
  // In quarters, so that the first of several similar steps wins.
  const gain = (t) => roundHalfEven(4 * f32(gateWithout[t] - i[t]));
  const chosen = candidates.reduce((best, t) => (gain(t) > gain(best) ? t : best));
  return { target, source, gateWithout, steps, t: chosen };
}

/**
 * Python that computes the gate as if the weight were zero. The first parameter is an
 * inhibition, see `inhibitionOf`.
 */
export function setup({ target, source }, subject) {
  const { expr } = subject.parameter("weight_hh", target, source);
  return (
    `# The input gate of unit ${target}, were ${expr} zero.\n` +
    `${GATE_WITHOUT} = torch.sigmoid(\n` +
    `    z_i[:, :, ${target}] - ${expr} * h_prev[:, :, ${source}]\n)\n`
  );
}

/** The gate at the step that is explained. */
export const gateOf = (inhibition, subject) =>
  subject.series("i", inhibition.target).at(inhibition.t);

/** That gate if the weight were 0. */
export const numberWithout = (inhibition, subject) => ({
  value: inhibition.gateWithout[inhibition.t],
  expr: `${GATE_WITHOUT}[${inhibition.t}, 0]`,
  scale: subject.steps[inhibition.t].scale,
});

/** First and last step of each run of its steps within a band. */
function runs(inhibition, steps) {
  const ranges = [];
  for (const t of inhibition.steps.filter((step) => steps.has(step))) {
    if (ranges.at(-1)?.[1] === t - 1) ranges.at(-1)[1] = t;
    else ranges.push([t, t]);
  }
  return ranges;
}

/**
 * A bar below the gate wherever the weight shuts it.
 *
 * - `inhibition`: see `inhibitionOf`
 * - `steps`: the columns of the band, a `Steps`
 * - `y`: the top of the bars
 */
export function bars(inhibition, steps, y) {
  return runs(inhibition, steps).map(([first, last]) => {
    const part = `i[${first}:${last + 1}, 0, ${inhibition.target}]`;
    const without = `${GATE_WITHOUT}[${first}:${last + 1}, 0]`;
    const claim =
      `bool((${part} < ${SHUT} + 1e-6).all() and ` +
      `(${without} > ${MIN_OPEN} - 1e-6).all())`;
    return box({
      x: steps.edge(first) + 1,
      y,
      width: steps.width * (last + 1 - first) - 2,
      height: BAR_HEIGHT,
      radius: BAR_HEIGHT / 2,
      fill: PAINT,
      id: `brake-${first}`,
      bound: [bound.node(part), bound.says({ claim })],
    });
  });
}

/**
 * The dotted line from c of the source, at the end of the previous step, to the bar.
 *
 * - `steps`: the columns of the band, a `Steps`
 * - `scale`: from c of the source to its y
 * - `c`: c of the source there
 * - `y`: the bottom of the bar
 */
export function line(inhibition, steps, scale, c, y) {
  const t = inhibition.t;
  const [x, start] = [steps.edge(t), scale.at(c)];
  const [run] = runs(inhibition, steps).find(([a, b]) => a <= t && t <= b);
  // The left edge of a step is half a step before its middle.
  const of = `${t - steps.first - 0.5}, c[${t - 1}, 0, ${inhibition.source}]`;
  const dot = box({
    x: x - DOT_RADIUS,
    y: start - DOT_RADIUS,
    width: 2 * DOT_RADIUS,
    height: 2 * DOT_RADIUS,
    radius: DOT_RADIUS,
    fill: PAINT,
    id: "brake-from",
    bound: [bound.draws(of, "x y", steps.scale, scale)],
  });
  const dotted = path(
    [
      // It begins above the dot, outside it.
      ["M", [x, start - 3]],
      ["L", [x, y + TIP_HEIGHT]],
    ],
    {
      stroke: PAINT,
      strokeWidth: 1.75,
      dash: "1.5 2.5",
    },
  );
  const tip = path(
    [
      ["M", [x, y]],
      ["L", [x - TIP_HALF_WIDTH, y + TIP_HEIGHT]],
      ["L", [x + TIP_HALF_WIDTH, y + TIP_HEIGHT]],
      ["Z"],
    ],
    { fill: PAINT },
  );
  const flow = bound.flow("order", dot.id, `brake-${run}`);
  return [dot, group([dotted, tip], [flow])];
}

/**
 * The left of words beside a vertical line: right of it, else left of it, else null.
 *
 * - `edge`: the x of the line
 * - `wordsWidth, width`: of the words, and of the drawing
 * - `gap`: between the line and the words
 */
export function wordsLeft(edge, wordsWidth, width, gap) {
  if (edge + gap + wordsWidth <= width) return edge + gap;
  const left = edge - gap - wordsWidth;
  return left >= 0 ? left : null;
}

/**
 * The weight, and the gate with and without it, beside the line; and the middle of the
 * last text.
 *
 * - `inhibition, subject`: see `inhibitionOf`
 * - `steps`: the columns of the band, a `Steps`
 * - `y`: the middle of the first text
 * - `width`: of the drawing
 */
export function wordsOf(inhibition, subject, steps, y, width) {
  const edge = steps.edge(inhibition.t);
  // Take the fewest lines that fit beside the dotted line.
  let [lines, left] = [];
  for (lines of lineBreaks(inhibition, subject)) {
    left = wordsLeft(edge, widest(lines), width, WORDS_GAP);
    if (left !== null) break;
  }
  if (left === null) return [[], y];
  const marks = lines.flatMap((line, k) => typeset(line, left, y + LINE_HEIGHT * k));
  return [marks, y + LINE_HEIGHT * (lines.length - 1)];
}

/**
 * The weight, as pairs of a text and the space after it; `along` is where its name is
 * relative to its value.
 */
function weightLine({ target, source }, subject, along) {
  const value = number(0, 0, subject.parameter("weight_hh", target, source), {
    size: LABEL,
    places: 1,
    anchor: "start",
    fill: "ink",
    bold: true,
    id: "weight",
    term: "weight_hh i",
  });
  const name = label(
    0,
    0,
    `weight_hh_l0[${target}, ${source}]`,
    { tensor: "weight_hh", row: target, input: source },
    [value.id],
    along,
    { style: STRONG_CODE, fill: "ink" },
  );
  return [
    [name, 6],
    [operator(0, 0, "=", "ink"), 6],
    [value, 0],
  ];
}

/**
 * The gate at its step, and the gate without the weight: two lines, each as pairs of a
 * text and the space after it.
 */
function gateLines(inhibition, subject) {
  const [gate, without] = [
    [gateOf(inhibition, subject), "braked"],
    [numberWithout(inhibition, subject), "unbraked"],
  ].map(([value, id]) =>
    number(0, 0, value, { size: SMALL, anchor: "start", fill: "muted", id, term: "i" }),
  );
  const step = inhibition.t + 1;
  const both = [gate.id, without.id];
  const names = { gate: "i", unit: inhibition.target };
  const namesWithout = { tensor: GATE_WITHOUT };
  return [
    [
      [label(0, 0, `step ${step}`, { step }, both, "block", { style: FINE }), PHRASE_SPACE],
      [label(0, 0, "i gate", names, [gate.id], "row", { style: FINE }), WORD_SPACE],
      [operator(0, 0, "="), WORD_SPACE],
      [gate, 0],
    ],
    [
      [
        label(0, 0, "without it", namesWithout, [without.id], "row", {
          style: FINE,
        }),
        WORD_SPACE,
      ],
      [operator(0, 0, "="), WORD_SPACE],
      [without, 0],
    ],
  ];
}

/** The ways to break the texts into lines, fewest lines first. */
function* lineBreaks(inhibition, subject) {
  const weight = weightLine(inhibition, subject, "row");
  const [name, , value] = weightLine(inhibition, subject, "block");
  const [gate, without] = gateLines(inhibition, subject);
  yield [weight, [...spaced(gate), ...without]];
  yield [weight, gate, without];
  const [step, ...alone] = gate;
  yield [[name], [...spaced([value]), step], alone, without];
}

/** A line of texts, with space after its last text for more on the same line. */
const spaced = (line) => [...line.slice(0, -1), [line.at(-1)[0], PHRASE_SPACE]];

/** The width of the longest line; each is pairs of a text and the space after it. */
const widest = (lines) =>
  Math.max(
    ...lines.map((line) =>
      line.reduce((sum, [text, space]) => sum + (textWidth(text) + space), 0),
    ),
  );

/** Place the texts of a line from left to right; `y` is their middle. */
function typeset(line, x, y) {
  return line.map(([text, space]) => {
    const wide = textWidth(text);
    const half = text.anchor === "middle" ? wide / 2 : 0;
    const placed = { ...text, x: x + half, y: y + middleToBaseline(text.size) };
    x += wide + space;
    return placed;
  });
}
