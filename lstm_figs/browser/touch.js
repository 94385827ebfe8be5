// The panel about a number of a figure, for pointer, touch and keyboard.

/** The milliseconds in which the pointer can go from a number to its panel. */
const GRACE = 250;
/** By how much, relative to its largest addend, a sum may miss its number: float32. */
const CLOSE = 1e-5;
/** Key -> its direction, to the right and down. */
const TOWARDS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Result of a step -> the products that add up to it. */
const PRODUCTS = {
  c: [
    ["f", "c_prev"],
    ["i", "g"],
  ],
  output: [["o", "tanh_c"]],
};

const panel = document.createElement("div");
panel.className = "lf-touch";
panel.setAttribute("role", "region");
panel.setAttribute("aria-label", "This number");
panel.hidden = true;
panel.innerHTML =
  "<p></p><p><code></code> <b></b></p><p></p>" +
  '<button type="button">Copy as Python</button> <span role="status"></span>';
const [labelLine, exactLine, sumLine] = panel.querySelectorAll("p");
const button = panel.querySelector("button");
const status = panel.querySelector("span");
document.body.append(panel);

/** The number that the panel is about; null while it is hidden. */
let current = null;
/** Whether the panel stays without the pointer, until a click elsewhere. */
let pinned = false;
/** The timer that hides the panel. */
let closing = 0;

/** The number that an event is about. */
const numberAt = (target) => target.closest?.("svg.lf-figure text[data-expr]");
const numbersOf = (figure) => [...figure.querySelectorAll("text[data-expr]")];

/** The texts of the labels that name a number, in reading order. */
function labels(number) {
  const figure = number.ownerSVGElement;
  const id = number.id.slice(figure.id.length + 2);
  const names = (pattern) =>
    new RegExp(`^${pattern.replaceAll("*", "[^-]+")}$`).test(id);
  const matching = [...figure.querySelectorAll("text[data-for]")].filter((label) =>
    label.dataset.for.split(" ").some(names),
  );
  return [...new Set(matching.map((label) => label.textContent))];
}

/**
 * The sum of products that yields a number of a step, if the figure prints all parts.
 *
 * Zeros are left out. The result is empty if the sum does not yield the number: with
 * a projection, for example, h has more parts.
 */
function writtenSum(number) {
  const figure = number.ownerSVGElement;
  const printed = new Map(numbersOf(figure).map((text) => [text.dataset.expr, text]));
  const { expr, value } = number.dataset;
  const [, name, at] = expr.match(/^(\w+)(\[\d+, \d+, \d+\])$/) ?? [];
  const products = PRODUCTS[name]?.map((pair) => pair.map((of) => of + at)) ?? [];
  if (name?.startsWith("z_")) products.push(...addends(figure, name, at));
  const factors = products.map((pair) => pair.map((of) => printed.get(of)));
  if (!products.length || !factors.flat().every(Boolean)) return "";
  const valueOf = (pair) =>
    pair.reduce((product, factor) => product * factor.dataset.value, 1);
  const added = factors.filter((pair) => valueOf(pair) !== 0);
  const total = added.reduce((sum, pair) => sum + valueOf(pair), 0);
  const scale = Math.max(1, ...added.map((pair) => Math.abs(valueOf(pair))));
  if (!(Math.abs(total - value) <= CLOSE * scale)) return "";
  return added
    .map((pair) => pair.map((factor) => factor.textContent).join(" × "))
    .join(" + ")
    .replaceAll("+ −", "− ");
}

/**
 * The products and biases that add up to the sum of a gate, each an array of
 * expressions.
 *
 * - `name`: the sum, such as `z_f`
 * - `at`: its index, such as `[2, 0, 1]`
 */
function addends(figure, name, at) {
  const { preamble } = JSON.parse(figure.querySelector("metadata").textContent);
  const [, inputs, units] = preamble.match(/nn\.LSTM\((\d+), (\d+)\)/) ?? [];
  if (!units) return [];
  const [t, n, unit] = at.match(/\d+/g);
  const row = "ifgo".indexOf(name.at(-1)) * units + Number(unit);
  const product = (weight, vector, count) =>
    Array.from({ length: count }, (_, k) => [
      `lstm.${weight}_l0[${row}, ${k}]`,
      `${vector}[${t}, ${n}, ${k}]`,
    ]);
  return [
    ...product("weight_ih", "x", inputs),
    ...product("weight_hh", "h_prev", units),
    [`lstm.bias_ih_l0[${row}]`],
    [`lstm.bias_hh_l0[${row}]`],
  ];
}

/** Python that prints a number: the figure's preamble and the expression. */
function pythonOf(number) {
  const figure = number.ownerSVGElement;
  const forms = figure.closest(".lf-forms");
  // The proof beside the figure has the file names under which the page saves them.
  const proofs = [...(forms?.parentElement.querySelectorAll("pre") ?? [])].filter(
    (proof) => forms.compareDocumentPosition(proof) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  const [before, rest] = (proofs[0]?.textContent ?? "").split("\ndef show(");
  const { preamble } = JSON.parse(figure.querySelector("metadata").textContent);
  const { expr } = number.dataset;
  const own = rest?.includes(`, ${expr})`) ? before : preamble;
  return `${own.trim()}\n\nprint(torch.as_tensor(${expr}).item())\n`;
}

/** Put the panel above its number, or below where the window ends. */
function place() {
  const at = current.getBoundingClientRect();
  const { width, height } = panel.getBoundingClientRect();
  const left = at.left + at.width / 2 - width / 2;
  const above = at.top - height - 8;
  panel.style.left = `${Math.max(8, Math.min(innerWidth - width - 8, left))}px`;
  panel.style.top = `${above < 8 ? at.bottom + 8 : above}px`;
}

/** Highlight everything on the page with one of these terms. */
function light(terms) {
  for (const lit of document.querySelectorAll(".lf-lit")) {
    lit.classList.remove("lf-lit");
  }
  for (const term of terms) {
    const alike = `[data-term~="${CSS.escape(term)}"]`;
    for (const element of document.querySelectorAll(alike)) {
      element.classList.add("lf-lit");
    }
  }
}

/** The terms of an element, see `data-term`. */
const termsOf = (element) => element?.dataset.term?.split(" ") ?? [];

/** Show the panel about a number, and light up what has the same terms. */
function show(number) {
  clearTimeout(closing);
  if (number === current) return;
  current?.classList.remove("lf-shown");
  current = number;
  number.classList.add("lf-shown");
  labelLine.textContent = labels(number).join(" · ");
  exactLine.firstElementChild.textContent = number.dataset.expr;
  exactLine.lastElementChild.textContent = `= ${number.dataset.value}`;
  const sum = writtenSum(number);
  sumLine.textContent = sum && `It is ${sum}.`;
  status.textContent = "";
  panel.hidden = false;
  light(termsOf(number));
  place();
}

/** Hide the panel. */
function close() {
  if (!current) return;
  current.classList.remove("lf-shown");
  current = null;
  pinned = false;
  panel.hidden = true;
  light([]);
}

/** Copy Python that prints the current number. */
async function copy() {
  try {
    await navigator.clipboard.writeText(pythonOf(current));
    // The last digits depend on the build of torch.
    const about = Number(Number(current.dataset.value).toPrecision(5));
    status.textContent = `Copied; it prints about ${about}`;
  } catch {
    status.textContent = "The browser does not let this page copy";
  }
}

button.addEventListener("click", copy);

document.addEventListener("pointerover", ({ target, pointerType }) => {
  if (pointerType !== "mouse") return;
  const number = numberAt(target);
  if (number && !pinned) show(number);
  else if (number || panel.contains(target)) clearTimeout(closing);
  else if (current && !pinned) {
    clearTimeout(closing);
    closing = setTimeout(close, GRACE);
  }
  if (!current) {
    // A word in code or a symbol in an equation highlights its term.
    const word = target.closest?.("[data-term]");
    light(word && !word.closest("svg") ? termsOf(word) : []);
  }
});

document.addEventListener("click", ({ target }) => {
  const number = numberAt(target);
  if (number) {
    show(number);
    pinned = true;
  } else if (!panel.contains(target)) close();
});

addEventListener("scroll", () => current && place(), { passive: true });
addEventListener("resize", () => current && place());
document.addEventListener("lf-drawn", close);

/** The nearest number in a direction, see `TOWARDS`; the same one if there is none. */
function next(number, [right, down]) {
  const middle = (element) => {
    const { x, y, width, height } = element.getBoundingClientRect();
    return [x + width / 2, y + height / 2];
  };
  const [x, y] = middle(number);
  // What lies aside counts three times, so that a key goes along its line if it can.
  const far = (element) => {
    const [left, top] = middle(element);
    const along = (left - x) * right + (top - y) * down;
    const across = Math.abs((left - x) * down) + Math.abs((top - y) * right);
    // In a column set to the right, the middle of a shorter number is farther right.
    return along > 2 + across / 8 ? along + 3 * across : Infinity;
  };
  const others = numbersOf(number.ownerSVGElement).filter((other) => other !== number);
  const nearest = others.reduce((a, b) => (far(b) < far(a) ? b : a), number);
  return far(nearest) < Infinity ? nearest : number;
}

/** Move the focus to a number, with its value as a label for screen readers. */
function go(number) {
  number.tabIndex = -1;
  number.setAttribute("role", "button");
  number.setAttribute(
    "aria-label",
    `${labels(number).join(", ")}: ${number.textContent}. ` +
      `${number.dataset.expr} = ${number.dataset.value}. Enter copies it as Python.`,
  );
  number.focus();
  show(number);
  pinned = true;
}

/** Move the focus into the numbers of a figure. */
function enter(figure) {
  figure.setAttribute("role", "group");
  go(numbersOf(figure)[0]);
}

/** Make a figure one image again, whose numbers have no focus. */
function leave(figure) {
  for (const number of numbersOf(figure)) {
    for (const name of ["tabindex", "role", "aria-label"]) {
      number.removeAttribute(name);
    }
  }
  figure.setAttribute("role", "img");
  close();
}

document.addEventListener("keydown", (event) => {
  const figure = event.target.closest?.("svg.lf-figure");
  const number = numberAt(event.target);
  const all = figure ? numbersOf(figure) : [];
  if (event.key === "Escape" && number) {
    leave(figure);
    figure.focus();
  } else if (event.key === "Escape") close();
  else if (event.key === "Enter" && number) copy();
  else if (event.key === "Enter" && all.length) enter(figure);
  else if (number && event.key === "Home") go(all[0]);
  else if (number && event.key === "End") go(all.at(-1));
  else if (number && TOWARDS[event.key]) go(next(number, TOWARDS[event.key]));
  else return;
  if (figure) event.preventDefault();
});

document.addEventListener("focusout", ({ target, relatedTarget }) => {
  const figure = target.closest?.("svg.lf-figure[role=group]");
  const stays = figure?.contains(relatedTarget) || panel.contains(relatedTarget);
  if (figure && !stays) leave(figure);
});

for (const figure of document.querySelectorAll("svg.lf-figure")) {
  if (figure.querySelector("text[data-expr]")) {
    figure.tabIndex = 0;
    const description = figure.getAttribute("aria-description") ?? "";
    figure.setAttribute(
      "aria-description",
      `Enter leads into its numbers. ${description}`.trim(),
    );
  }
}
