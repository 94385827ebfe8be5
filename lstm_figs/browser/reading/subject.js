// The bracket network reads a text: `model/lstm.py`, `proof/subject.py`.

import { f32, literal } from "./numbers.js";
import { known } from "./known.js";

/** The logistic function, rounded where `lstm.sigmoid` is. */
function sigmoid(z) {
  const [larger, smaller] = z < 0 ? [-z, 0] : [0, -z];
  const more = f32(Math.log1p(f32(Math.exp(f32(smaller - larger)))));
  return f32(Math.exp(-f32(larger + more)));
}

/** The tensors, some of whose numbers are changed; edits are `[name, at, value]`. */
export function weightsWith(edits) {
  const weights = structuredClone(known.network.tensors);
  for (const [name, at, value] of edits) {
    const row = at.length > 1 ? weights[name][at[0]] : weights[name];
    row[at.at(-1)] = f32(value);
  }
  return weights;
}

const product = (row, [first, second]) =>
  f32(f32(row[0] * first) + f32(row[1] * second));

/** All steps, each result as an array of both units; `scale` is one number. */
function run(weights, characters) {
  const [ihs, hhs, inner, outer] = ["weight_ih", "weight_hh", "bias_ih", "bias_hh"].map(
    (name) => weights[`lstm.${name}_l0`],
  );
  const { alphabet, other } = known.network;
  const steps = [];
  let [h, c] = [
    [0, 0],
    [0, 0],
  ];
  for (const character of characters) {
    const found = alphabet.indexOf(character);
    const x = found < 0 ? other : found;
    const z = ihs.map((row, k) =>
      f32(f32(row[x] + product(hhs[k], h)) + f32(inner[k] + outer[k])),
    );
    const sums = ihs.map((row, k) => {
      const hidden = product(hhs[k].map(Math.abs), h.map(Math.abs));
      const all = f32(f32(Math.abs(row[x]) + hidden) + Math.abs(inner[k]));
      return f32(all + Math.abs(outer[k]));
    });
    const band = (k, act) => [act(z[2 * k]), act(z[2 * k + 1])];
    const tanh = (one) => f32(Math.tanh(one));
    const step = { c_prev: c, h_prev: h, z_i: z.slice(0, 2) };
    step.i = band(0, sigmoid);
    step.f = band(1, sigmoid);
    step.g = band(2, tanh);
    step.o = band(3, sigmoid);
    const kept = c.map((one, u) => f32(step.f[u] * one));
    const written = c.map((_, u) => f32(step.i[u] * step.g[u]));
    c = kept.map((one, u) => f32(one + written[u]));
    h = c.map((one, u) => f32(step.o[u] * tanh(one)));
    const moved = kept.map((one, u) => f32(Math.abs(one) + Math.abs(written[u])));
    step.c = c;
    step.h = h;
    step.scale = Math.max(...sums, ...moved);
    steps.push(step);
  }
  return steps;
}

/** What is true after each character: `proof/preamble/truth.py`. */
export function truth(characters) {
  const found = { depth: [], inside: [] };
  let [depth, inside] = [0, false];
  for (const character of characters) {
    if (character === '"') inside = !inside;
    else if (!inside) {
      depth = Math.max(0, depth + (character === "(") - (character === ")"));
    }
    found.depth.push(depth);
    found.inside.push(inside);
  }
  return found;
}

/** Numbers along the steps, each with its expression: `proof/reference.py`. */
export class Vector {
  constructor(values, of, scale, after, first = 0) {
    Object.assign(this, { values, of, scale, after, first });
  }

  get length() {
    return this.values.length;
  }

  /** The expression of all of them. */
  get part() {
    const { first, length, after, of } = this;
    return `${of}[${[`${first}:${first + length}`, ...after].join(", ")}]`;
  }

  at(k) {
    const expr = `${this.of}[${[this.first + k, ...this.after].join(", ")}]`;
    return { value: this.values[k], expr, scale: this.scale[k] };
  }

  /** Those of some of the steps. */
  slice(first, stop) {
    const [values, scale] = [this.values, this.scale].map((of) =>
      of.slice(first - this.first, stop - this.first),
    );
    return new Vector(values, this.of, scale, this.after, first);
  }

  times(other) {
    const values = this.values.map((one, k) => f32(one * other.values[k]));
    const of = `(${this.of} * ${other.of})`;
    return new Vector(values, of, this.scale, this.after, this.first);
  }
}

/** A text that the network has read, and how it is asked for. */
export class Subject {
  /**
   * `text` is undefined for the text of the network itself; `edits` are numbers
   * of its tensors, each `[name, at, value]`.
   */
  constructor(text, edits = []) {
    this.asked = text;
    this.text = text ?? known.network.text;
    this.tokens = [...this.text];
    this.edits = edits;
    this.weights = weightsWith(edits);
    this.steps = run(this.weights, this.tokens);
    this.truth = truth(this.tokens);
    this.series_ = new Map();
    const { "readout.weight": weight, "readout.bias": bias } = this.weights;
    this.answers = this.steps.map(({ h }) =>
      weight.map((row, k) => sigmoid(f32(product(row, h) + bias[k]))),
    );
  }

  get edited() {
    return this.edits.length > 0;
  }

  /** A result of a unit over steps. */
  series(name, unit) {
    const key = `${name} ${unit}`;
    if (!this.series_.has(key)) {
      const values = this.steps.map((step) => step[name][unit]);
      const scale = this.steps.map((step) => step.scale);
      this.series_.set(key, new Vector(values, name, scale, [0, unit]));
    }
    return this.series_.get(key);
  }

  /** An element of `weight_hh`. */
  weight(row, column) {
    return {
      value: this.weights["lstm.weight_hh_l0"][row][column],
      expr: `lstm.weight_hh_l0[${row}, ${column}]`,
      scale: 0,
    };
  }

  /** An input gate without what a weight takes from its sum. */
  without(gate, weight, state) {
    return sigmoid(f32(gate - f32(weight * state)));
  }
}

const ODD = /[^\w@%+=:,./-]/;

const quoted = (word) =>
  word && !ODD.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;

/** The command line that draws it: `Request.command`. */
export function command(subject, width, id) {
  const words = ["lstm-figs", "draw", "reading", "--network", "brackets"];
  if (subject.asked !== undefined) {
    const joined = subject.asked.startsWith("-");
    words.push(...(joined ? [`--text=${subject.asked}`] : ["--text", subject.asked]));
  }
  for (const [name, at, value] of subject.edits) {
    const shown = literal(value).replace(/\.0$/, "");
    words.push("--set", `${name}[${at.join(",")}]=${shown}`);
  }
  if (width !== 720) words.push("--width", String(width));
  if (id !== "reading") words.push("--id", id);
  return words.map(quoted).join(" ");
}

/** A text as Python reads it: `literals.text`. */
function asPython(text) {
  const slashed = text.replaceAll("\\", "\\\\");
  return text.includes('"') ? `'${slashed.replaceAll("'", "\\'")}'` : `"${slashed}"`;
}

/** Python that changes what a preamble has made: `edits.setup`. */
function changed(edits, isReadout) {
  const own = edits.filter(([name]) => name.startsWith("readout.") === isReadout);
  if (!own.length) return "";
  const lines = own.map(
    ([name, at, value]) => `    ${name}[${at.join(", ")}] = ${literal(value)}\n`,
  );
  return `with torch.no_grad():\n${lines.join("")}`;
}

/** What a reader runs before the expressions of the figure. */
export function preamble(subject, more) {
  const [before, run, readout, end] = known.preamble;
  const text = asPython(subject.text);
  const edits = [false, true].map((is) => changed(subject.edits, is));
  return [before, text, run, edits[0], readout, edits[1], end, more].join("");
}

/** Python that prints every number of a figure: `html/proving.py`. */
export function proof(figure) {
  const pairs = new Map();
  for (const text of figure.numbers) pairs.set(text.number.expr, text.content);
  const width = Math.max(0, ...[...pairs.keys()].map((expr) => expr.length));
  const repeated = figure.numbers.length - pairs.size;
  const lines = [...pairs].map(
    ([expr, content]) =>
      `show(${`'${expr}'`.padEnd(width + 2)}, ${`'${content}'`.padStart(9)}, ${expr})`,
  );
  return [
    figure.preamble,
    "def show(expression, printed, value):",
    `    print(f"{expression:<${width}} {printed:>9} {torch.as_tensor(value).item()}")`,
    "",
    "# What is computed, what the figure prints, and its exact value.",
    ...(repeated ? [`# The figure prints ${repeated} of them again.`] : []),
    ...lines,
    "",
  ].join("\n");
}
