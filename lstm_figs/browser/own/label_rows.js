// Rows that show at which steps each label is true: `layout/motifs/label_rows.py`.

import { bound, box } from "../twin/marks.js";
import { columns } from "../twin/over_time.js";
import { paragraph, sentence, SMALL } from "../twin/words.js";

/** The space below a name, the height of a row, and the space below it. */
const [NAME_GAP, ROW_HEIGHT, ROW_GAP] = [2, 8, 10];
/** The least width of a name in a narrow band. */
const MIN_NAME_WIDTH = 240;
/** The colour behind steps at which a label is true. */
const SHADE_PAINT = "ink:5";

/**
 * The name of each label above its row, the rows, and their bottom.
 *
 * - `labels`: each with its `name` and its `values`, one for each step of the
 *   sequence
 * - `steps`: the columns of the band, a `Steps`
 * - `top`: the top of the first name
 */
export function labelRows(labels, steps, top) {
  const marks = [];
  let y = top;
  labels.forEach(({ name, values }, place) => {
    const caption = sentence("{}: true at {} of {} steps", [
      [name, `names[${place}]`],
      [values.filter(Boolean).length, `int(labels[${place}].sum())`],
      [values.length, "len(x)"],
    ]);
    const maxWidth = Math.max(steps.right - steps.left, MIN_NAME_WIDTH);
    const [lines, bottom] = paragraph(steps.left, y, caption, maxWidth, { size: SMALL });
    const own = {
      values: values.slice(steps.first, steps.stop).map(Number),
      length: steps.count,
      part: `labels[${place}, ${steps.first}:${steps.stop}]`,
    };
    const id = `label${place}-{t}`;
    const row = columns(steps, bottom + NAME_GAP, ROW_HEIGHT, own, "muted", { id, term: "" });
    marks.push(lines, ...row);
    y = bottom + NAME_GAP + ROW_HEIGHT + ROW_GAP;
  });
  return [marks, y - ROW_GAP];
}

/**
 * A background behind each run of steps at which a label is true; `place` is the index
 * of the label.
 */
export function labelShades({ values }, place, steps, top, bottom) {
  const shades = [];
  let first = null;
  for (let t = steps.first; t <= steps.stop; t += 1) {
    const isTrue = t < steps.stop && values[t];
    if (isTrue) first ??= t;
    else if (first !== null) {
      shades.push(
        box({
          x: steps.edge(first),
          y: top,
          width: (t - first) * steps.width,
          height: bottom - top,
          radius: 3,
          fill: SHADE_PAINT,
          id: `true-${first}`,
          bound: [bound.says({ claim: `bool(labels[${place}, ${first}:${t}].all())` })],
        }),
      );
      first = null;
    }
  }
  return shades;
}
