// The answers of a network whose right answers are unknown, in place of
// `reading/answers.js`.

import { answerRow, GAP } from "../reading/answer_rows.js";

/** The gap above the rows of answers, which is not needed without them. */
const ANSWERS_GAP = 14;
/** The most answers that are drawn. */
export const MAX_ANSWERS = 4;

/** One row of columns for each answer, and their bottom. */
export function answers(plan, reader, steps, y) {
  const names = reader.outputs.slice(0, MAX_ANSWERS);
  if (!names.length) return [[], y - ANSWERS_GAP];
  const pitch = plan.sizes.laneHeight + GAP;
  const marks = names.flatMap((name, k) => {
    const values = plan.subject.answerSeries(k).slice(steps.first, steps.stop);
    const [nameLabel, ...bars] = answerRow(plan, name, k, values, steps, y + k * pitch);
    return [...bars, nameLabel];
  });
  return [marks, y + names.length * pitch - GAP];
}

export const shades = () => [];
export const struckFrame = () => [];
