// The picture that is shown is that of the words on the screen: of the scene
// whose words fill most of the window below the masthead.
const words = [...document.querySelectorAll(".lf-scene>div")];

function seen(part) {
  const { top, bottom } = part.getBoundingClientRect();
  return Math.min(bottom, innerHeight) - Math.max(top, 56);
}

function choose() {
  const now = words.reduce((a, b) => (seen(b) > seen(a) ? b : a));
  for (const one of words)
    one.parentElement.classList.toggle("lf-now", one === now);
}

for (const event of ["scroll", "resize", "load"])
  addEventListener(event, choose, { passive: true });
choose();
