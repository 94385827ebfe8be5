// The figure `keep-write-show` of the bracket network, laid out in the browser.
//
// It is a twin of `figures/keep_write_show`. `tests/browser/test_keep_write_show.py`
// compares both on the command lines of `tests/browser/steps.txt`. The twin handles
// this network with edits of its weights, input and first state to at most 1,000, so
// every number is finite. Python alone handles other networks.

import { frame } from "../twin/frame.js";
import { lazily } from "../twin/lazily.js";
import { textLeft, walk } from "../twin/marks.js";
import { command, preamble } from "../twin/subject.js";
import { write } from "../twin/svg.js";
import { FINE, GATE, label, withExponents } from "../twin/words.js";
import { headings, ribbon, row } from "./gates.js";
import { focused, moved, piece, USE_OF } from "./pieces.js";
import { planOf } from "./plan.js";
import { GATES, role } from "./weight_rows.js";
import { description, headOf, hPathWords } from "./texts.js";
import { PADDING, Panel, scaleOf, values } from "./panels.js";

/** The widths of the forms, the wide one first. */
const WIDTHS = [720, 360];
/** In a panel, from one gate to the next, and the middle of the first. */
const [GATE_PITCH, FIRST_GATE_Y] = [34, 40];
/** The step that is drawn by default; at the first one, c and h before it are 0. */
const STEP = 2;

/**
 * Both forms of the figure, the wide one first.
 *
 * `step` counts from 1. Each form has its `svg`, `title`, `description`, `command`,
 * `preamble` and `numbers`.
 */
export function keepWriteShow(subject, id, { step, units, detail, focus } = {}) {
  const t = (step ?? STEP) - 1;
  const size = subject.steps[0].c.length;
  const allUnits = Array.from({ length: size }, (_, k) => k);
  const drawnUnits = units?.length ? [...units].sort((a, b) => a - b) : allUnits;
  const options = [
    ...(t + 1 === STEP ? [] : ["--step", String(t + 1)]),
    ...(units?.length ? ["--units", units.join(",")] : []),
    ...(detail === "units" ? ["--detail", detail] : []),
    ...(focus && focus !== "all" ? ["--focus", focus] : []),
  ];
  const compose = (width, form) => {
    const plan = planOf(subject, t, drawnUnits, width, detail !== "units");
    const [pieces, needsCode] = piecesOf(plan);
    const marks = focused(pieces, focus ?? "all");
    const head = headOf(plan, focus ?? "all", needsCode);
    const sheet = frame(head, plan.space, plan.bottom, width, marks);
    const own = form ? `${id}-narrow` : id;
    const figure = {
      name: "keep-write-show",
      id: own,
      title: head.title.text,
      description: description(plan),
      command: command(subject, "keep-write-show", options, width, own),
      preamble: preamble(subject, "keep-write-show"),
      tensors: subject.variables,
      numbers: [...walk(sheet.marks)].filter((mark) => mark.number),
    };
    return {
      ...figure,
      get svg() {
        return write(figure, sheet);
      },
    };
  };
  return lazily(WIDTHS.length, (form) =>
    withExponents(() => compose(WIDTHS[form], form)),
  );
}

/** The rows, the gates and the units; and whether nothing names what is dashed. */
function piecesOf(plan) {
  const { t, blocks, isSideBySide } = plan;
  const pieces = [];
  if (blocks.length) {
    const rowIds = (gate, unit) =>
      isSideBySide ? [`z-${t}-${gate}-${unit}`, `${gate}-${t}-${unit}`] : [];
    pieces.push(...plan.table.pieces(rowIds));
  }
  if (isSideBySide) pieces.push(...gatesBesideRows(plan));
  const [units, needsCode] = unitPieces(plan);
  pieces.push(...units);
  if (plan.hasNextStep && blocks.length) pieces.push(...hPathWords(plan));
  return [pieces, needsCode];
}

/** The sum and the gate right of each row. */
function gatesBesideRows(plan) {
  const { subject, t, layout, gateWidths: widths } = plan;
  const right = plan.left - plan.ribbon;
  const corners = new Map(plan.corners.map(([unit, x, y]) => [unit, [x, y]]));
  return [
    piece("", headings(right - widths.total, layout.top - 20, widths)),
    ...layout.gateUnitPairs.flatMap(([gate, unit]) => {
      const y = layout.y(gate, unit);
      return [
        ribbon(t, gate, unit, [right, y], corners.get(unit), "paper"),
        row(subject, t, gate, unit, right - widths.total, y, widths),
      ];
    }),
  ];
}

/**
 * The units, each with its gates unless these are beside the rows; and whether there
 * is no space to name what is dashed. The longest dashed part with space is named.
 */
function unitPieces(plan) {
  const { subject, t, inset, width } = plan;
  const allValues = new Map(plan.units.map((unit) => [unit, values(subject, t, unit)]));
  const scale = scaleOf([...allValues.values()], inset, width);
  const panelOf = new Map(
    [...allValues].map(([unit, value]) => [
      unit,
      new Panel({ t, unit, value, width, scale, inset }),
    ]),
  );
  const rests = [...panelOf.values()].flatMap((panel) => panel.rests());
  const [named] = rests
    .filter((rest) => panelOf.get(rest.unit).hasSpace(rest))
    .sort((a, b) => Math.abs(b.length) - Math.abs(a.length));
  const pieces = plan.corners.flatMap(([unit, x, y]) => {
    const panel = panelOf.get(unit);
    const [common, ...parts] = panel.pieces();
    if (named?.unit === unit) parts.push(panel.restName(named));
    const gates = plan.isSideBySide ? [] : gatesInPanel(plan, unit);
    const hPath = plan.hPath(x).map(([left, top]) => [left - x, top - y]);
    const handover = plan.hasNextStep ? panel.handover(hPath) : [];
    return [common, ...gates, ...parts, ...handover].map((piece) => moved(piece, x, y));
  });
  return [pieces, rests.length > 0 && !named];
}

/** The gates of one unit, below each other in its panel. */
function gatesInPanel(plan, unit) {
  const { subject, t, gateWidths: widths, inset, layout } = plan;
  const right = inset - plan.ribbon;
  return GATES.flatMap((gate, k) => {
    const y = FIRST_GATE_Y + k * GATE_PITCH;
    const names = [
      ...(widths.sum ? [`z-${t}-${gate}-${unit}`] : []),
      `${gate}-${t}-${unit}`,
    ];
    const gatePiece = row(subject, t, gate, unit, right - widths.total, y, widths);
    const look = { style: GATE, fill: role(gate), term: gate };
    const marks = [label(PADDING, y, gate, { gate }, names, "row", look)];
    if (plan.blocks.length) {
      const at = layout.row(gate, unit);
      // The sum of a row may be wider than its column.
      const left = Math.min(right - widths.total - 1, textLeft(gatePiece.marks[0]) - 3);
      const index = { style: FINE, anchor: "end" };
      marks.push(label(left, y, String(at), { row: at }, names, "row", index));
    }
    return [
      piece(USE_OF[gate], marks),
      ribbon(t, gate, unit, [right, y], [inset, 0], "panel"),
      gatePiece,
    ];
  });
}
