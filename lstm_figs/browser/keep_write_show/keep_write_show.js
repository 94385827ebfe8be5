// The figure `keep-write-show` of the bracket network, laid out in the browser.
//
// It is a twin of `figures/keep_write_show`, held to it by
// `tests/browser/test_keep_write_show.py` on the command lines of
// `tests/browser/steps.txt`. It covers this network with other numbers in its
// tensors, its input and its first state, none of which is larger than a thousand:
// so every number is finite. With `--detail units` it draws any of its units, else
// all. What Python does for other networks has no twin.

import { frame } from "../twin/frame.js";
import { lazily } from "../twin/lazily.js";
import { textLeft, walk } from "../twin/marks.js";
import { command, preamble } from "../twin/subject.js";
import { write } from "../twin/svg.js";
import { alike, FINE, GATE, label } from "../twin/words.js";
import { heads, ribbon, row } from "./gates.js";
import { focused, moved, OF, piece } from "./pieces.js";
import { planned } from "./plan.js";
import { GATES, role } from "./weight_rows.js";
import { description, headOf, onTheWay } from "./texts.js";
import { table } from "./table.js";
import { Panel, scaleOf, SIDE, values } from "./panels.js";

const ROOMS = [720, 360];
const [PITCH, FIRST] = [34, 44];
const STEP = 2;

/**
 * Both forms of the figure, the wide one first.
 *
 * `step` counts from 1. Each form is its `svg`, with its `title`, `description`,
 * `command`, `preamble` and `numbers`.
 */
export function keepWriteShow(subject, id, { step, units, detail, focus } = {}) {
  const t = (step ?? STEP) - 1;
  const size = subject.steps[0].c.length;
  const every = Array.from({ length: size }, (_, k) => k);
  const drawn = units?.length ? [...units].sort((a, b) => a - b) : every;
  const options = [
    ...(t + 1 === STEP ? [] : ["--step", String(t + 1)]),
    ...(units?.length ? ["--units", units.join(",")] : []),
    ...(detail === "units" ? ["--detail", detail] : []),
    ...(focus && focus !== "all" ? ["--focus", focus] : []),
  ];
  const goesOn = t + 1 < subject.steps.length;
  const composed = (room, form) => {
    const plan = planned(subject, drawn, room, detail !== "units");
    const pieces = piecesOf(subject, t, plan, goesOn);
    const marks = focused(pieces, focus ?? "all");
    const head = headOf(subject, t, plan, focus ?? "all", goesOn);
    const sheet = frame(head, plan.space, plan.bottom, room, marks);
    const own = form ? `${id}-narrow` : id;
    const figure = {
      name: "keep-write-show",
      id: own,
      title: head.title.text,
      description: description(subject, t, plan),
      command: command(subject, "keep-write-show", options, room, own),
      preamble: preamble(subject, "keep-write-show"),
      tensors: subject.given,
      numbers: [...walk(sheet.marks)].filter((mark) => mark.number),
    };
    return {
      ...figure,
      get svg() {
        return write(figure, sheet);
      },
    };
  };
  return lazily(ROOMS.length, (form) => alike(() => composed(ROOMS[form], form)));
}

/** The rows, the gates and the units. */
function piecesOf(subject, t, plan, goesOn) {
  const { where, blocks, beside } = plan;
  const found = [];
  if (blocks.length) {
    const made = (gate, unit) =>
      beside ? [`z-${t}-${gate}-${unit}`, `${gate}-${t}-${unit}`] : [];
    found.push(...table(subject, t, where, blocks, made));
  }
  if (beside) found.push(...gatesBeside(subject, t, plan));
  found.push(...unitsOf(subject, t, plan, goesOn));
  if (goesOn && blocks.length) found.push(...onTheWay(t, plan));
  return found;
}

/** Right of each row its sum and its gate. */
function gatesBeside(subject, t, plan) {
  const { where, ends } = plan;
  const right = plan.left - plan.ribbon;
  const corners = new Map(plan.corners.map(([unit, x, y]) => [unit, [x, y]]));
  return [
    piece("", heads(right - ends.width, where.top - 20, ends)),
    ...where.each.flatMap(([gate, unit]) => {
      const y = where.y(gate, unit);
      return [
        ribbon(t, gate, unit, [right, y], corners.get(unit)),
        row(subject, t, gate, unit, right - ends.width, y, ends),
      ];
    }),
  ];
}

/** The units, with their gates where these do not stand beside rows. */
function unitsOf(subject, t, plan, goesOn) {
  const { inset, width } = plan;
  const every = new Map(plan.units.map((unit) => [unit, values(subject, t, unit)]));
  const scale = scaleOf([...every.values()], inset, width);
  return plan.corners.flatMap(([unit, x, y]) => {
    const panel = new Panel({ t, unit, value: every.get(unit), width, scale, inset });
    const [ground, ...parts] = panel.drawn();
    const gates = plan.beside ? [] : ownGates(subject, t, unit, plan);
    const bus = plan.bus(x).map(([left, top]) => [left - x, top - y]);
    const on = goesOn ? panel.leadsOn(bus) : [];
    return [ground, ...gates, ...parts, ...on].map((one) => moved(one, x, y));
  });
}

/** The gates of one unit, below each other in its panel. */
function ownGates(subject, t, unit, plan) {
  const { ends, inset, where } = plan;
  const right = inset - plan.ribbon;
  return GATES.flatMap((gate, k) => {
    const y = FIRST + k * PITCH;
    const names = [
      ...(ends.sum ? [`z-${t}-${gate}-${unit}`] : []),
      `${gate}-${t}-${unit}`,
    ];
    const made = row(subject, t, gate, unit, right - ends.width, y, ends);
    const look = { style: GATE, fill: role(gate), term: gate };
    const marks = [label(SIDE, y, gate, { gate }, names, "row", look)];
    if (plan.blocks.length) {
      const at = where.row(gate, unit);
      // The sum of a row may be longer than it has room.
      const left = Math.min(right - ends.width - 1, textLeft(made.marks[0]) - 3);
      const index = { style: FINE, anchor: "end" };
      marks.push(label(left, y, String(at), { row: at }, names, "row", index));
    }
    return [
      piece(OF[gate], marks),
      ribbon(t, gate, unit, [right, y], [inset, 0]),
      made,
    ];
  });
}
