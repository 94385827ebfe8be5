// Show the picture of the scene whose words fill most of the window below the
// masthead.
const words = [...document.querySelectorAll(".lf-scene>div")];

function seen(part) {
  let sum = 0;
  for (const child of part.querySelectorAll(":scope>:not(.lf-tools)")) {
    const { top, bottom } = child.getBoundingClientRect();
    sum += Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 56));
  }
  return sum;
}

function choose() {
  const now = words.reduce((a, b) => (seen(b) > seen(a) ? b : a));
  for (const part of words) {
    part.parentElement.classList.toggle("lf-now", part === now);
  }
}

for (const event of ["scroll", "resize", "load"]) {
  addEventListener(event, choose, { passive: true });
}
choose();
