// The run of the bracket network on a text: `model/lstm.py`, `model/layer_run.py`.

import { exact, f32, literal } from "./numbers.js";
import { editText } from "./address.js";
import { known } from "./known.js";
import { LAST, momentAt } from "./moments.js";
import { parameterName } from "./parameters.js";

/** The logistic function, rounded as in `lstm.sigmoid`. */
function sigmoid(z) {
  const [larger, smaller] = z < 0 ? [-z, 0] : [0, -z];
  const more = f32(Math.log1p(f32(Math.exp(f32(smaller - larger)))));
  return f32(Math.exp(-f32(larger + more)));
}

/**
 * Weights, input and first state of a text, by their names in preambles. A network
 * without an alphabet has an input of its own.
 */
export function variablesOf(tokens, tensors = known.network.tensors) {
  const { alphabet, other, x } = known.network;
  const oneHot = (token) => {
    const index = alphabet.indexOf(token);
    const column = index < 0 ? other : index;
    return [Array.from(alphabet, (_, k) => Number(k === column))];
  };
  const weights = tensors[parameterName("weight_hh")];
  const zeros = (count) => [[Array(count).fill(0)]];
  // A unit has four rows; with a projection, h has fewer elements than units.
  const states = { h_0: zeros(weights[0].length), c_0: zeros(weights.length / 4) };
  return { ...tensors, x: x ?? tokens.map(oneHot), ...states };
}

/** The same with edits, each `[name, at, value]`. */
function withEdits(edits, variables) {
  const result = { ...variables };
  for (const name of new Set(edits.map(([key]) => key))) {
    result[name] = structuredClone(variables[name]);
  }
  for (const [name, at, value] of edits) {
    const inside = at.slice(0, -1).reduce((part, k) => part[k], result[name]);
    inside[at.at(-1)] = f32(value);
  }
  return result;
}

/** A sum of products, rounded as NumPy does; with `size`, of their absolute values. */
function product(row, vector, size = (addend) => addend) {
  let sum = 0;
  for (let k = 0; k < row.length; k += 1) {
    sum = f32(sum + size(f32(row[k] * vector[k])));
  }
  return sum;
}

/**
 * All steps, in order. A step has each result by its name, as an array of the values of
 * all units. Its `scale` is the largest sum of absolute addends behind one of them.
 */
function run(variables) {
  const bases = ["weight_ih", "weight_hh", "bias_ih", "bias_hh", "weight_hr"];
  const [ihs, hhs, ihBiases, hhBiases, projection] = bases.map(
    (base) => variables[parameterName(base)],
  );
  const steps = [];
  let [h, c] = [variables.h_0[0][0], variables.c_0[0][0]];
  for (const [x] of variables.x) {
    const z = ihs.map((row, k) =>
      f32(f32(product(row, x) + product(hhs[k], h)) + f32(ihBiases[k] + hhBiases[k])),
    );
    const sums = ihs.map((row, k) => {
      const products = product(row, x, Math.abs) + product(hhs[k], h, Math.abs);
      return f32(f32(f32(products) + Math.abs(ihBiases[k])) + Math.abs(hhBiases[k]));
    });
    const tanh = (value) => f32(Math.tanh(value));
    const step = { x, c_prev: c, h_prev: h };
    ["i", "f", "g", "o"].forEach((gate, k) => {
      const values = z.slice(c.length * k, c.length * (k + 1));
      step[`z_${gate}`] = values;
      step[gate] = values.map(gate === "g" ? tanh : sigmoid);
    });
    const retained = c.map((value, u) => f32(step.f[u] * value));
    const written = c.map((_, u) => f32(step.i[u] * step.g[u]));
    c = retained.map((value, u) => f32(value + written[u]));
    step.tanh_c = c.map(tanh);
    h = step.tanh_c.map((value, u) => f32(step.o[u] * value));
    const projected = projection?.map((row) => product(row, h, Math.abs)) ?? [];
    h = projection?.map((row) => product(row, h)) ?? h;
    const moved = retained.map((value, u) =>
      f32(Math.abs(value) + Math.abs(written[u])),
    );
    step.c = c;
    step.h = h;
    step.scale = Math.max(...sums, ...moved, ...projected);
    steps.push(step);
  }
  return steps;
}

/** The right answers after each character: `proof/preamble/truth.py`. */
export function truth(characters) {
  const result = { depth: [], inside: [] };
  let [depth, inside] = [0, false];
  for (const character of characters) {
    if (character === '"') inside = !inside;
    else if (!inside) {
      depth = Math.max(0, depth + (character === "(") - (character === ")"));
    }
    result.depth.push(depth);
    result.inside.push(inside);
  }
  return result;
}

/**
 * Numbers over steps, each with its expression: `model/reference.py`.
 *
 * - `values`: the numbers
 * - `of`: the tensor that contains them
 * - `scale`: for each, the sum of its absolute addends, which bounds its rounding error
 * - `after`: the indices after the step, such as the sample and the unit
 * - `first`: the step of the first number
 */
export class Vector {
  constructor(values, of, scale, after, first = 0) {
    Object.assign(this, { values, of, scale, after, first });
  }

  /** How many steps there are. */
  get length() {
    return this.values.length;
  }

  /** The expression of all of them. */
  get part() {
    const { first, length, after, of } = this;
    return `${of}[${[`${first}:${first + length}`, ...after].join(", ")}]`;
  }

  /** One number with its expression. */
  at(k) {
    const expr = `${this.of}[${[this.first + k, ...this.after].join(", ")}]`;
    return { value: this.values[k], expr, scale: this.scale[k] };
  }

  /** The same for some of the steps. */
  slice(first, stop) {
    const [values, scale] = [this.values, this.scale].map((of) =>
      of.slice(first - this.first, stop - this.first),
    );
    return new Vector(values, this.of, scale, this.after, first);
  }

  /** The element-wise product with another vector. */
  times(other) {
    const values = this.values.map((value, k) => f32(value * other.values[k]));
    const of = `(${this.of} * ${other.of})`;
    return new Vector(values, of, this.scale, this.after, this.first);
  }
}

/**
 * A run of the network on a text.
 *
 * - `asked`: the text that was asked for; undefined for the network's own
 * - `after`: the batches of training that were asked for
 * - `moment`: the network after them; null for the trained one
 * - `text, tokens`: the text, and its characters
 * - `edits`: each `[name, at, value]`
 * - `tensors`: the parameters without edits
 * - `variables`: parameters, input and first state, with edits
 * - `steps`: the results of each step, see `run`
 * - `truth`: the right answers
 * - `answers`: for each step, one number for each question
 * - `cachedSeries`: the cache of `series`
 */
export class Subject {
  /**
   * `text` is undefined for the network's own text; each of `edits` is
   * `[name, at, value]`; `after` counts batches of the training, and is undefined
   * for the trained network.
   */
  constructor(text, edits = [], after = undefined) {
    this.asked = text;
    this.after = after;
    this.moment = after === undefined ? null : momentAt(after);
    this.text = text ?? known.network.text;
    this.tokens = [...this.text];
    this.edits = edits;
    this.tensors = this.moment?.tensors ?? known.network.tensors;
    this.variables = withEdits(edits, variablesOf(this.tokens, this.tensors));
    this.steps = run(this.variables);
    this.truth = truth(this.tokens);
    this.cachedSeries = new Map();
    const { "readout.weight": weight, "readout.bias": bias } = this.variables;
    this.answers = this.steps.map(({ h }) =>
      weight.map((row, k) => sigmoid(f32(product(row, h) + bias[k]))),
    );
  }

  /** Whether there are edits. */
  get edited() {
    return this.edits.length > 0;
  }

  /** Whether the network is fully trained. */
  get trained() {
    return !this.moment || this.moment.batches === LAST;
  }

  /** All steps of the trained network, without edits of its weights. */
  asTrained() {
    return run({ ...this.variables, ...known.network.tensors });
  }

  /** A result of a unit over all steps. */
  series(name, unit) {
    const key = `${name} ${unit}`;
    if (!this.cachedSeries.has(key)) {
      const values = this.steps.map((step) => step[name][unit]);
      const scale = this.steps.map((step) => step.scale);
      this.cachedSeries.set(key, new Vector(values, name, scale, [0, unit]));
    }
    return this.cachedSeries.get(key);
  }

  /** An answer over all steps. */
  answerSeries(k) {
    const values = this.answers.map((row) => row[k]);
    return new Vector(values, "answers", values.map(() => 0), [0, k]);
  }

  /** A result of all units at one step, or the input of the step. */
  vector(name, t) {
    const { scale, [name]: values } = this.steps[t];
    const of = `${name === "h" ? "output" : name}`;
    return values.map((value, k) => ({
      value,
      expr: `${of}[${t}, 0, ${k}]`,
      scale: name === "x" ? 0 : scale,
    }));
  }

  /** An element of a parameter. */
  parameter(name, ...at) {
    const tensor = parameterName(name);
    const value = at.reduce((inside, k) => inside[k], this.variables[tensor]);
    return { value, expr: `${tensor}[${at.join(", ")}]`, scale: 0 };
  }

  /** A gate from its sum `z`, without the part that a weight adds for a state. */
  gateWithout(z, weight, state) {
    return sigmoid(f32(z - f32(weight * state)));
  }
}

/** Characters that a shell would interpret. */
const NEEDS_QUOTES = /[^\w@%+=:,./-]/;

/** A word of a command line as `shlex.quote` writes it. */
const quoted = (word) =>
  word && !NEEDS_QUOTES.test(word) ? word : `'${word.replaceAll("'", `'"'"'`)}'`;

/** The width of a figure without `--width`. */
const DEFAULT_WIDTH = 720;

/**
 * The command line that draws a figure: `Request.command`.
 *
 * - `subject`: the run, with its text and edits
 * - `name`: the figure
 * - `options`: the words of its own options
 * - `width, id`: of the drawing
 */
export function command(subject, name, options, width, id) {
  const words = ["lstm-figs", "draw", name, ...known.network.source];
  if (subject.after !== undefined) words.push("--after", String(subject.after));
  if (subject.asked !== undefined) {
    // As a word of its own, it would be read as an option.
    const isLikeOption = subject.asked.startsWith("-");
    words.push(...(isLikeOption ? [`--text=${subject.asked}`] : ["--text", subject.asked]));
  }
  for (const edit of subject.edits) words.push("--set", editText(edit));
  words.push(...options);
  if (width !== DEFAULT_WIDTH) words.push("--width", String(width));
  if (id !== name) words.push("--id", id);
  return words.map(quoted).join(" ");
}

/** A text as a Python literal: `literals.text`. */
function asPython(text) {
  const slashed = text.replaceAll("\\", "\\\\");
  return text.includes('"') ? `'${slashed.replaceAll("'", "\\'")}'` : `"${slashed}"`;
}

/**
 * Python that applies edits after a part of a preamble: `edits.setup`. `isReadout`
 * selects those of the read-out, else those of the LSTM and its input.
 */
function editSetup(edits, isReadout) {
  const own = edits.filter(([name]) => name.startsWith("readout.") === isReadout);
  const lines = (indent, some) =>
    some.map(
      ([name, at, value]) => `${indent}${name}[${at.join(", ")}] = ${literal(value)}\n`,
    );
  const parameters = own.filter(([name]) => name.includes("."));
  const others = own.filter(([name]) => !name.includes("."));
  const states = others.some(([name]) => name === "h_0" || name === "c_0");
  return [
    ...(parameters.length ? ["with torch.no_grad():\n"] : []),
    ...lines("    ", parameters),
    ...(states ? ["h_0, c_0 = h_0.clone(), c_0.clone()\n"] : []),
    ...lines("", others),
  ].join("");
}

/** A tensor as an entry of a Python state dict: `literals.build_module`. */
function parameterLine([name, tensor]) {
  const list = (row) => `[${row.map(exact).join(", ")}]`;
  const rows = tensor[0].length
    ? `[\n${tensor.map((row) => `        ${list(row)},\n`).join("")}    ]`
    : list(tensor);
  return `"${name.split(".")[1]}": torch.tensor(${rows})`;
}

/** Python that makes the network, with the weights of a moment if there is one. */
function atMoment({ moment }, code) {
  if (!moment) return code;
  const trained = Object.entries(known.network.tensors).map(parameterLine);
  const lines = Object.entries(moment.tensors).map(parameterLine);
  const done = `batches = ${moment.batches}  # of the ${LAST} of its training\n`;
  return lines.reduce(
    (result, line, k) => result.replace(trained[k], line),
    code.replace("lstm = ", `${done}lstm = `),
  );
}

/**
 * Python that a reader runs before the expressions of a figure.
 *
 * - `name`: the figure, whose fixed parts are in `known.preambles`
 * - `more`: Python at its end
 */
export function preamble(subject, name, more = "") {
  const [before, run, ...rest] = known.preambles[name];
  const text = asPython(subject.text);
  const edits = [false, true].map((is) => editSetup(subject.edits, is));
  // A figure without answers has no read-out, and one piece less.
  const pieces = rest.flatMap((piece, k) => [edits[k], piece]);
  const code = [atMoment(subject, before), text, run];
  return [...code, ...pieces.map((piece) => atMoment(subject, piece)), more].join("");
}

/** The characters that a number in a proof may take, with its quotes. */
const PRINTED_WIDTH = 9;

/**
 * Python that prints every number of a figure: `html/proof_code.py`. The figure has its
 * `preamble` and `numbers`, which are text marks.
 */
export function proof(figure) {
  const pairs = new Map();
  for (const text of figure.numbers) pairs.set(text.number.expr, text.content);
  const width = Math.max(0, ...[...pairs.keys()].map((expr) => expr.length));
  const repeated = figure.numbers.length - pairs.size;
  const lines = [...pairs].map(
    ([expr, content]) =>
      `show(${`'${expr}'`.padEnd(width + 2)}, ${`'${content}'`.padStart(PRINTED_WIDTH)}, ${expr})`,
  );
  return [
    figure.preamble,
    "def show(expression, printed, value):",
    `    print(f"{expression:<${width}} {printed:>${PRINTED_WIDTH}} {torch.as_tensor(value).item()}")`,
    "",
    "# What is computed, what the figure prints, and its exact value.",
    ...(repeated ? [`# The figure prints ${repeated} of them again.`] : []),
    ...lines,
    "",
  ].join("\n");
}
