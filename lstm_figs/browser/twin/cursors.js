// Rectangles over a drawing: the current step, or the chosen number.

/**
 * A hidden rectangle over a form.
 *
 * - `place`: the element that contains the form
 * - `kind`: a class besides that of all cursors
 */
export function cursorOver(place, kind = "") {
  const cursor = document.createElement("div");
  cursor.className = `lf-cursor ${kind}`;
  cursor.hidden = true;
  place.append(cursor);
  return cursor;
}

/** Move a cursor; `bounds` are shares of the form's width and height, null to hide it. */
export function moveCursor(cursor, bounds) {
  cursor.hidden = !bounds;
  if (!bounds) return;
  const { left, right, top, bottom } = bounds;
  cursor.style.inset = [top, 1 - right, 1 - bottom, left]
    .map((share) => `${100 * share}%`)
    .join(" ");
}
