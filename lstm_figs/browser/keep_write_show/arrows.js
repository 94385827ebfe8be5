// Lines with a head at their end: `layout/panels.py`.

import { group, path } from "../twin/marks.js";

/** A straight line with a head. */
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

/** A line along horizontal and vertical lines, its corners rounded. */
export function roundArrow(corners, { paint, strokeWidth, term, bound }) {
  const radius = 5;
  const [end, head] = headOf(...corners.slice(-2), paint);
  const d = [["M", corners[0]]];
  corners.slice(1, -1).forEach((corner, k) => {
    const [before, after] = [corners[k], corners[k + 2]];
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

function towards([x, y], [left, top], distance) {
  const share = distance / Math.hypot(left - x, top - y);
  return [x + (left - x) * share, y + (top - y) * share];
}

/** Where the line of an arrow ends, and the head beyond it. */
function headOf(before, tip, paint) {
  const angle = Math.atan2(tip[1] - before[1], tip[0] - before[0]);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  const behind = (distance, aside = 0) => [
    tip[0] - distance * cos - aside * sin,
    tip[1] - distance * sin + aside * cos,
  ];
  const d = [["M", tip], ["L", behind(8, 3.6)], ["L", behind(8, -3.6)], ["Z"]];
  return [behind(7), path(d, { fill: paint })];
}
