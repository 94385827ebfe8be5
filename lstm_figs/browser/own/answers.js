// The answers of a network whose right answers are unknown, and labels of the steps, in
// place of `reading/answers.js`.

import { known } from "../twin/known.js";
import { sentence } from "../twin/words.js";
import { answerRow, GAP } from "../reading/answer_rows.js";
import { labelRows, labelShades } from "../own/label_rows.js";

/** The gaps above the rows of answers and above those of labels. */
const [ANSWERS_GAP, LABELS_GAP] = [14, 20];
/** The most answers that are drawn. */
export const MAX_ANSWERS = 4;

const { labels, shadedLabel } = known.network;

/**
 * One row of columns for each answer and each label, and their bottom.
 *
 * - `plan`: the layout, a `Plan`
 * - `reader`: the answers, see `readerOf`
 * - `steps`: the columns of the band, a `Steps`
 * - `y`: the top of the first row
 */
export function answers(plan, reader, steps, y) {
  const names = reader.outputs.slice(0, MAX_ANSWERS);
  const pitch = plan.sizes.laneHeight + GAP;
  const marks = names.flatMap((name, k) => {
    const values = plan.subject.answerSeries(k).slice(steps.first, steps.stop);
    const [nameLabel, ...bars] = answerRow(plan, name, k, values, steps, y + k * pitch);
    return [...bars, nameLabel];
  });
  const bottom = names.length ? y + names.length * pitch - GAP : y - ANSWERS_GAP;
  if (!labels.length) return [marks, bottom];
  const [rows, end] = labelRows(labels, steps, bottom + LABELS_GAP);
  return [[...marks, ...rows], end];
}

/** The entry of the shades in the legend: how the ids of their marks begin, the caption. */
export const shadeEntry = [
  "true",
  sentence("{}", [[labels[shadedLabel]?.name ?? "", `names[${shadedLabel}]`]]),
];

/**
 * A shade behind the steps at which one of the labels is true. `place` are the columns,
 * the top and the bottom, see `labelShades`.
 */
export const shades = (subject, ...place) =>
  labels.length ? labelShades(labels[shadedLabel], shadedLabel, ...place) : [];

/** No frame, because no answer is known to be wrong: no commands of a path. */
export const struckFrame = () => [];
