// A dashed outline is what there is, the filled part what passes:
// `layout/motifs/gauges.py`, and small curves: `layout/motifs/curves.py`.

import { bound, box, path, Scale } from "../twin/marks.js";

const DASH = "2.5 2";
const [HEIGHT, REACH, POINT, SAMPLES] = [18, 5, 6, 25];

/** A gauge; `y` is its top. */
export function gauge(one, y, scale, height) {
  const span = (from, to) => {
    const [left, right] = [scale.at(from), scale.at(to)].sort((a, b) => a - b);
    return { x: left, y, width: right - left, height };
  };
  const length = (of) => [bound.drawn(of, "width", scale)];
  const { id, term } = one;
  return [
    box({
      ...span(one.start, one.there),
      dash: DASH,
      stroke: one.around,
      id: `${id}-there`,
      term,
      bound: length(one.thereOf),
    }),
    box({
      ...span(one.start, one.passed),
      fill: one.paint,
      stroke: one.paint,
      id,
      term,
      bound: length(one.passedOf),
    }),
  ];
}

/** A dotted line down, from the end of one gauge to the next, past what is written. */
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

/** A curve from a gate to where it is used. */
export function ribbon([x, y], [right, level], paint, tail, head) {
  const turn = (x + right) / 2;
  const d = [
    ["M", [x, y]],
    ["C", [turn, y], [turn, level], [right, level]],
  ];
  return [
    path(d, { stroke: paint, strokeWidth: 6, opacity: 0.22 }),
    path(d, {
      stroke: paint,
      strokeWidth: 1.75,
      bound: [bound.flow("points", tail, head)],
    }),
  ];
}

/** σ or tanh with the point of one sum; what lies beyond is at its end. */
export function curve(x, y, width, z, opened, { paint, tanh, id, term }) {
  const across = new Scale(-REACH, REACH, x, x + width);
  const down = new Scale(tanh ? -1 : 0, 1, y + HEIGHT / 2, y - HEIGHT / 2);
  const d = Array.from({ length: SAMPLES }, (_, k) => {
    const at = -REACH + (k * 2 * REACH) / (SAMPLES - 1);
    const value = tanh ? Math.tanh(at) : 1 / (1 + Math.exp(-at));
    return [k ? "L" : "M", [across.at(at), down.at(value)]];
  });
  const samples = new Scale(0, SAMPLES - 1, x, x + width);
  const drawn = `torch.linspace(-5, 5, 25).${tanh ? "tanh" : "sigmoid"}()`;
  const at = across.at(Math.max(-REACH, Math.min(REACH, z.value)));
  return [
    path(d, {
      stroke: "muted",
      strokeWidth: 1,
      compact: true,
      bound: [bound.drawn(drawn, "path", samples, down)],
    }),
    box({
      x: at - POINT / 2,
      y: down.at(opened.value) - POINT / 2,
      width: POINT,
      height: POINT,
      radius: POINT / 2,
      fill: paint,
      id,
      term,
      bound: [
        bound.drawn(`torch.stack([${z.expr}, ${opened.expr}])`, "x y", across, down),
      ],
    }),
  ];
}
