// The picture that is shown is that of the words on the screen: of the scene
// whose words fill most of the window below the masthead.
const words = [...document.querySelectorAll(".lf-scene>div")];

function seen(part) {
  let sum = 0;
  for (const one of part.querySelectorAll(":scope>:not(.lf-tools)")) {
    const { top, bottom } = one.getBoundingClientRect();
    sum += Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 56));
  }
  return sum;
}

function choose() {
  const now = words.reduce((a, b) => (seen(b) > seen(a) ? b : a));
  for (const one of words)
    one.parentElement.classList.toggle("lf-now", one === now);
}

for (const event of ["scroll", "resize", "load"])
  addEventListener(event, choose, { passive: true });
choose();
