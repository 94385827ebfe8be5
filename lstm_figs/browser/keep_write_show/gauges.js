// Gauges, dashed outlines with a filled part: `layout/motifs/gauges.py`, and small
// curves: `layout/motifs/curves.py`.

import { bound, box, path, Scale } from "../twin/marks.js";

/** The dashes of the outline around the available value. */
const OUTLINE_DASH = "2.5 2";
/**
 * Of a small curve: its height, the largest sum on its axis, the size of the point on
 * it, and the number of corners.
 */
const [HEIGHT, MAX_SUM, POINT, SAMPLES] = [18, 5, 6, 25];

/**
 * The marks of a gauge; `y` is its top, `scale` gives the x of a value. Fields of a
 * gauge:
 *
 * - `start`: where both bars begin
 * - `available`: where the dashed outline ends: the value that the gate sees
 * - `passed`: where the filled bar ends: the part that it lets through
 * - `availableExpr, passedExpr`: the expressions of both values
 * - `outline, paint`: the colours of outline and bar
 * - `id, term`: of the filled bar
 */
export function gaugeMarks(gauge, y, scale, height) {
  const span = (from, to) => {
    const [left, right] = [scale.at(from), scale.at(to)].sort((a, b) => a - b);
    return { x: left, y, width: right - left, height };
  };
  const length = (of) => [bound.draws(of, "width", scale)];
  const { id, term } = gauge;
  return [
    box({
      ...span(gauge.start, gauge.available),
      dash: OUTLINE_DASH,
      stroke: gauge.outline,
      id: `${id}-there`,
      term,
      bound: length(gauge.availableExpr),
    }),
    box({
      ...span(gauge.start, gauge.passed),
      fill: gauge.paint,
      stroke: gauge.paint,
      id,
      term,
      bound: length(gauge.passedExpr),
    }),
  ];
}

/**
 * A dotted line from one gauge down to the next, with a gap for the words.
 *
 * - `[x, top], bottom`: its ends
 * - `[above, below]`: the top and the bottom of the gap
 * - `tail, head`: the ids of the gauges at its ends
 */
export const link = ([x, top], bottom, [above, below], tail, head) =>
  path(
    [
      ["M", [x, top]],
      ["L", [x, above]],
      ["M", [x, below]],
      ["L", [x, bottom]],
    ],
    { stroke: "ink", dash: "1.5 2", bound: [bound.flow("order", tail, head)] },
  );

/**
 * A ribbon from a gate to where it is used, over others on the same ground.
 *
 * - `[x, y], [right, level]`: its ends
 * - `paint, ground`: its colour, and the colour behind it
 * - `tail, head`: the ids of the marks at its ends
 */
export function ribbon([x, y], [right, level], paint, tail, head, ground) {
  const turn = (x + right) / 2;
  const d = [
    ["M", [x, y]],
    ["C", [turn, y], [turn, level], [right, level]],
  ];
  return [
    path(d, { stroke: ground, strokeWidth: 6 }),
    path(d, {
      stroke: paint,
      strokeWidth: 1.75,
      bound: [bound.flow("points", tail, head)],
    }),
  ];
}

/**
 * σ or tanh with a point at the sum, at the end of the curve if beyond it.
 *
 * - `x, y`: the left and the middle of the curve
 * - `width`: of the curve
 * - `z, gate`: the sum and its gate, with their expressions
 * - `paint, id, term`: of the point
 * - `tanh`: whether it is tanh, not σ
 */
export function activationCurve(x, y, width, z, gate, { paint, tanh, id, term }) {
  const across = new Scale(-MAX_SUM, MAX_SUM, x, x + width);
  const down = new Scale(tanh ? -1 : 0, 1, y + HEIGHT / 2, y - HEIGHT / 2);
  const d = Array.from({ length: SAMPLES }, (_, k) => {
    // Evenly spaced, as `torch.linspace` in the expression below.
    const at = -MAX_SUM + (k * 2 * MAX_SUM) / (SAMPLES - 1);
    const value = tanh ? Math.tanh(at) : 1 / (1 + Math.exp(-at));
    return [k ? "L" : "M", [across.at(at), down.at(value)]];
  });
  const samples = new Scale(0, SAMPLES - 1, x, x + width);
  const expr = `torch.linspace(-5, 5, 25).${tanh ? "tanh" : "sigmoid"}()`;
  const at = across.at(Math.max(-MAX_SUM, Math.min(MAX_SUM, z.value)));
  return [
    path(d, {
      stroke: "muted",
      strokeWidth: 1,
      compact: true,
      bound: [bound.draws(expr, "path", samples, down)],
    }),
    box({
      x: at - POINT / 2,
      y: down.at(gate.value) - POINT / 2,
      width: POINT,
      height: POINT,
      radius: POINT / 2,
      fill: paint,
      id,
      term,
      bound: [
        bound.draws(`torch.stack([${z.expr}, ${gate.expr}])`, "x y", across, down),
      ],
    }),
  ];
}
