// Arrows: `layout/shapes.py`.

import { group, path } from "../twin/marks.js";

/** A straight arrow between two points; `bound` are its bindings. */
export function arrow(start, stop, bound) {
  const [end, head] = headOf(start, stop, "muted");
  const line = path(
    [
      ["M", start],
      ["L", end],
    ],
    { stroke: "muted", strokeWidth: 1.5 },
  );
  return group([line, head], bound);
}

/**
 * An arrow along horizontal and vertical lines, with rounded corners. `corners` are
 * points, from its start to its tip.
 */
export function roundArrow(corners, { paint, strokeWidth, term, bound }) {
  const [end, head] = headOf(...corners.slice(-2), paint);
  const d = [["M", corners[0]]];
  const points = [...corners.slice(0, -1), end];
  points.slice(1, -1).forEach((corner, k) => {
    const [before, after] = [points[k], points[k + 2]];
    // Two corners share the line between them, so each may use half of it.
    const first = distanceBetween(corner, before) / (k ? 2 : 1);
    const last = distanceBetween(corner, after) / (after === end ? 1 : 2);
    // Corners have a radius of 5 where their lines are long enough.
    const radius = Math.min(5, first, last);
    // 0.45 of it makes a curve that is nearly a quarter of a circle.
    d.push(
      ["L", towards(corner, before, radius)],
      [
        "C",
        towards(corner, before, radius * 0.45),
        towards(corner, after, radius * 0.45),
        towards(corner, after, radius),
      ],
    );
  });
  d.push(["L", end]);
  return group([path(d, { stroke: paint, strokeWidth }), head], bound, { term });
}

/** The distance between two points. */
const distanceBetween = ([x, y], [left, top]) => Math.hypot(left - x, top - y);

/** The point at a distance from the first point, on the way to the second. */
function towards([x, y], [left, top], distance) {
  const share = distance / (distanceBetween([x, y], [left, top]) || 1);
  return [x + (left - x) * share, y + (top - y) * share];
}

/** The end of an arrow's line, and the head beyond it. */
function headOf(before, tip, paint) {
  const angle = Math.atan2(tip[1] - before[1], tip[0] - before[0]);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const behind = (distance, offset = 0) => [
    tip[0] - distance * cos - offset * sin,
    tip[1] - distance * sin + offset * cos,
  ];
  // A triangle 8 long and 7.2 wide.
  const d = [["M", tip], ["L", behind(8, 3.6)], ["L", behind(8, -3.6)], ["Z"]];
  // The line ends inside the head, so that no gap shows between them.
  return [behind(7), path(d, { fill: paint })];
}
