// The shape calculator: `model/sizes.py` in the reader's browser.

/** Bytes of a number in float32. */
const FLOAT = 4n;
/** Numbers for each parameter with Adam: itself, its gradient and two averages. */
const ADAM = 4n;

/** Lengths as Python prints a tuple; with a single one, a comma follows it. */
const tuple = (lengths) =>
  lengths.length === 1 ? `(${lengths[0]},)` : `(${lengths.join(", ")})`;
/** A number with commas between thousands; the first `toLocaleString` is slow. */
const counted = (number) => `${number}`.replace(/\B(?=(\d{3})+$)/g, ",");
/** The sum of big integers, which stay exact. */
const total = (numbers) => numbers.reduce((a, b) => a + b, 0n);
/** The number of elements of a tensor with these axes. */
const elementCount = (axes) => axes.reduce((product, [, n]) => product * BigInt(n), 1n);

/** Inputs and outputs by name; each axis has a label and a length. */
function inputsAndOutputs(sizes) {
  const over = [["seq_len", sizes.seq_len]];
  const state = [doubled(["num_layers", sizes.num_layers], sizes)];
  if (!sizes.unbatched) {
    const rows = ["batch", sizes.batch];
    if (sizes.batch_first) over.unshift(rows);
    else over.push(rows);
    state.push(rows);
  }
  return [
    ["input", [...over, ["input_size", sizes.input_size]]],
    ["output", [...over, doubled(hAxis(sizes), sizes)]],
    ["h_n", [...state, hAxis(sizes)]],
    ["c_n", [...state, ["hidden_size", sizes.hidden_size]]],
  ];
}

/** The last axis of h. */
const hAxis = (sizes) =>
  sizes.proj_size ? ["proj_size", sizes.proj_size] : ["hidden_size", sizes.hidden_size];

/** An axis that a second direction doubles. */
const doubled = ([label, length], sizes) =>
  sizes.bidirectional ? [`2 * ${label}`, 2 * length] : [label, length];

/** The parameters of a layer by name, with their axes. */
function parametersOf(sizes, layer) {
  const rows = ["4 * hidden_size", 4 * sizes.hidden_size];
  const received = layer ? doubled(hAxis(sizes), sizes) : ["input_size", sizes.input_size];
  const suffixes = sizes.bidirectional ? ["", "_reverse"] : [""];
  return suffixes.flatMap((suffix) =>
    [
      ["weight_ih", [rows, received]],
      ["weight_hh", [rows, hAxis(sizes)]],
      ["bias_ih", sizes.bias && [rows]],
      ["bias_hh", sizes.bias && [rows]],
      ["weight_hr", sizes.proj_size && [hAxis(sizes), ["hidden_size", sizes.hidden_size]]],
    ]
      .filter(([, axes]) => axes)
      .map(([name, axes]) => [`${name}_l${layer}${suffix}`, axes]),
  );
}

/**
 * A sum over all layers; `each` gives that of a layer, and all above the first are
 * alike.
 */
const overLayers = (sizes, each) =>
  each(0) + (sizes.num_layers > 1 ? BigInt(sizes.num_layers - 1) * each(1) : 0n);

/**
 * The last lines of `lstm-figs shapes`: parameters, multiplications, bytes. All counts
 * are big integers.
 */
function costPhrases(sizes) {
  const directions = sizes.bidirectional ? 2n : 1n;
  const units = BigInt(sizes.hidden_size);
  const hSize = BigInt(hAxis(sizes)[1]);
  const received = (layer) =>
    layer ? directions * hSize : BigInt(sizes.input_size);
  const updates = BigInt(sizes.seq_len) * (sizes.unbatched ? 1n : BigInt(sizes.batch));

  const count = overLayers(sizes, (layer) =>
    total(parametersOf(sizes, layer).map(([, axes]) => elementCount(axes))),
  );
  // Of one step and sequence: the matrices, i·g, f·c and o·tanh c, and the projection.
  const each = overLayers(
    sizes,
    (layer) =>
      directions *
      (4n * units * (received(layer) + hSize) +
        3n * units +
        BigInt(sizes.proj_size) * units),
  );
  const below = sizes.num_layers > 1 ? directions * hSize : 0n;
  // The input of all steps times `weight_ih`, h step by step and as one tensor, and the
  // output of the layer below.
  const atOnce = updates * (directions * 4n * units + 2n * hSize + below);
  const before = sizes.proj_size ? units : 0n;
  // The input of each step; in each direction four gates, c, tanh c and h, and with a
  // projection the longer h before it.
  const saved =
    updates *
    overLayers(
      sizes,
      (layer) => received(layer) + directions * (6n * units + before + hSize),
    );
  const states = total(
    inputsAndOutputs(sizes)
      .slice(2)
      .map(([, axes]) => elementCount(axes)),
  );
  const read = updates * BigInt(sizes.input_size);
  const run = FLOAT * (count + read + states + atOnce);
  const train = FLOAT * (ADAM * count + saved);
  return [
    `${counted(count)} parameters`,
    `${counted(updates * each)} multiplications, ${counted(each)} per step ` +
      "and sequence",
    `${counted(run)} bytes to run in float32: parameters, input, states, ` +
      `and ${counted(atOnce)} numbers that exist at once`,
    `${counted(train)} bytes to train with Adam: ${ADAM} times the ` +
      `parameters, and ${counted(saved)} numbers that backward needs`,
  ];
}

/** The call that makes the module. */
function constructorCall(sizes) {
  const more = [
    sizes.num_layers > 1 && `num_layers=${sizes.num_layers}`,
    sizes.bidirectional && "bidirectional=True",
    sizes.proj_size && `proj_size=${sizes.proj_size}`,
    !sizes.bias && "bias=False",
    sizes.batch_first && "batch_first=True",
  ];
  const words = [sizes.input_size, sizes.hidden_size, ...more.filter(Boolean)];
  return `nn.LSTM(${words.join(", ")})`;
}

/** The sizes of `lstm-figs shapes` without options. */
const DEFAULTS = { input_size: 3, hidden_size: 2, seq_len: 4 };

/** The command line that prints the same. */
function command(sizes) {
  const words = [
    sizes.input_size !== DEFAULTS.input_size && `--input-size ${sizes.input_size}`,
    sizes.hidden_size !== DEFAULTS.hidden_size && `--hidden-size ${sizes.hidden_size}`,
    sizes.num_layers > 1 && `--num-layers ${sizes.num_layers}`,
    sizes.bidirectional && "--bidirectional",
    sizes.proj_size && `--proj-size ${sizes.proj_size}`,
    !sizes.bias && "--no-bias",
    sizes.batch_first && "--batch-first",
    sizes.unbatched && "--unbatched",
    sizes.seq_len !== DEFAULTS.seq_len && `--seq-len ${sizes.seq_len}`,
    !sizes.unbatched && sizes.batch !== 1 && `--batch-size ${sizes.batch}`,
  ];
  return ["lstm-figs shapes", ...words.filter(Boolean)].join(" ");
}

/** Python that makes the module, calls it, and prints its shapes. */
function script(sizes) {
  const [[, input]] = inputsAndOutputs(sizes);
  return `import torch
from torch import nn

lstm = ${constructorCall(sizes)}
x = torch.randn(${input.map(([, length]) => length).join(", ")})
output, (h_n, c_n) = lstm(x)
print(tuple(output.shape), tuple(h_n.shape), tuple(c_n.shape))
print(sum(parameter.numel() for parameter in lstm.parameters()))
`;
}

/** What is wrong with the sizes, in one sentence; empty if nothing is. */
function problem(form, sizes) {
  for (const { name, value, validity, min, max } of form.querySelectorAll(
    "[type=number]:enabled",
  )) {
    if (!validity.valid) {
      return (
        `${name}: got '${value}', expected a whole number from ${min} to ` +
        `${max}`
      );
    }
  }
  return sizes.proj_size && sizes.proj_size >= sizes.hidden_size
    ? `got proj_size ${sizes.proj_size}, expected one smaller than ` +
        `hidden_size ${sizes.hidden_size}; choose a smaller one, or 0 for none`
    : "";
}

/** The rows of a table of tensors with their sizes. */
const tableRows = (tensors) =>
  tensors.map(([name, axes]) => {
    const row = document.createElement("tr");
    row.innerHTML = '<th scope="row"><code></code></th><td></td><td></td>';
    row.querySelector("code").textContent = name;
    row.cells[1].textContent = tuple(axes.map(([, length]) => length));
    row.cells[2].textContent = axes.map(([label]) => label).join(", ");
    return row;
  });

/** Write all results into the block. */
function show(block, sizes) {
  const [parameterCount, ...phrases] = costPhrases(sizes);
  const status = block.querySelector(":scope p[role=status]");
  const code = document.createElement("code");
  code.textContent = constructorCall(sizes);
  status.replaceChildren(code, ` has ${parameterCount}.`);
  const layers = sizes.num_layers > 1 ? [0, 1] : [0];
  block
    .querySelector("tbody")
    .replaceChildren(
      ...tableRows([
        ...inputsAndOutputs(sizes),
        ...layers.flatMap((layer) => parametersOf(sizes, layer)),
      ]),
    );
  const [alike, ran] = block.querySelectorAll(".lf-found p");
  const last = sizes.num_layers - 1;
  const rest = last === 2 ? "Layer 2 has" : `Layers 2 to ${last} have`;
  alike.textContent = last < 2 ? "" : `${rest} the shapes of layer 1.`;
  block.querySelectorAll("li").forEach((item, index) => {
    item.textContent = phrases[index];
  });
  ran.firstElementChild.textContent = command(sizes);
}

/** All fields of the form. */
const fields = (form) => [...form.querySelectorAll("input")];

/** The values of the fields by name. */
const sizesOf = (form) =>
  Object.fromEntries(
    fields(form).map((field) => [
      field.name,
      field.type === "checkbox" ? field.checked : Number(field.value),
    ]),
  );

/** The value of a field as an address has it. */
const valueText = (field) =>
  field.type === "checkbox" ? (field.checked ? "True" : "False") : field.value;
/** The value that a field has at first. */
const defaultText = (field) =>
  field.type === "checkbox"
    ? field.defaultChecked
      ? "True"
      : "False"
    : field.defaultValue;

/** The page's address with the sizes that differ from the defaults. */
function address(form) {
  const url = new URL(location.href);
  for (const field of fields(form)) {
    if (valueText(field) === defaultText(field)) {
      url.searchParams.delete(field.name);
    } else url.searchParams.set(field.name, valueText(field));
  }
  return url.href;
}

/** Take valid sizes from the address. */
function restore(form) {
  const query = new URLSearchParams(location.search);
  for (const field of fields(form)) {
    const text = query.get(field.name);
    if (text === null) continue;
    if (field.type === "checkbox") {
      if (/^(True|False)$/.test(text)) field.checked = text === "True";
      continue;
    }
    const before = field.value;
    if (/^\d+$/.test(text)) field.value = String(Number(text));
    if (!field.validity.valid) field.value = before;
  }
}

for (const block of document.querySelectorAll(".lf-shapes")) {
  const form = block.querySelector("form");
  const [python, link] = form.querySelectorAll("button");
  const status = form.querySelector("[role=status]");
  const update = () => {
    form.elements.batch.disabled = form.elements.unbatched.checked;
    const sizes = sizesOf(form);
    const wrong = problem(form, sizes);
    block.classList.toggle("lf-wrong-sizes", Boolean(wrong));
    python.disabled = link.disabled = Boolean(wrong);
    status.textContent = "";
    if (wrong) block.querySelector("p[role=status]").textContent = wrong;
    else show(block, sizes);
    return !wrong;
  };
  const copy = async (text, done) => {
    try {
      await navigator.clipboard.writeText(text);
      status.textContent = done;
    } catch {
      status.textContent = "The browser does not let this page copy";
    }
  };
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", () => {
    if (update()) history.replaceState(null, "", address(form));
  });
  python.addEventListener("click", () =>
    copy(script(sizesOf(form)), "Copied; it prints these shapes"),
  );
  link.addEventListener("click", () => copy(address(form), "Link copied"));
  form.hidden = false;
  restore(form);
  // The page itself shows the results for the default sizes.
  if (fields(form).some((field) => valueText(field) !== defaultText(field))) {
    update();
  }
}
