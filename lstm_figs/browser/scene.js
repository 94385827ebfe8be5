// Show the picture of the scene whose words fill most of the window below the
// masthead.

/** The height of the masthead, which covers the top of the window. */
const MASTHEAD = 56;
/** The words of each scene. */
const words = [...document.querySelectorAll(".lf-scene>div")];

/** How many pixels of a scene's words are in the window, below the masthead. */
function seenHeight(part) {
  let sum = 0;
  for (const child of part.querySelectorAll(":scope>:not(.lf-tools)")) {
    const { top, bottom } = child.getBoundingClientRect();
    sum += Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, MASTHEAD));
  }
  return sum;
}

/** Show the picture of the scene that is seen most. */
function choose() {
  const now = words.reduce((a, b) => (seenHeight(b) > seenHeight(a) ? b : a));
  for (const part of words) {
    part.parentElement.classList.toggle("lf-now", part === now);
  }
}

for (const event of ["scroll", "resize", "load"]) {
  addEventListener(event, choose, { passive: true });
}
choose();
