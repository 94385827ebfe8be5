// The c of the network as trained, without the edits: `figures/reading/trained_runs.py`.

import { exact } from "../twin/numbers.js";
import { known } from "../twin/known.js";
import { Vector } from "../twin/subject.js";
import { shares } from "./moves.js";

/** c of a unit differs if it differs by at least this much at some step. */
const MIN_DIFFERENCE = 0.01;
/** The name of its c in the preamble. */
const NAME = "c_trained";

/**
 * The run as trained, if edits of the LSTM change c visibly; else null.
 *
 * - `units`: the units whose c differs
 * - `setup`: Python that computes the run
 * - `values`: c of a unit at all steps
 * - `over`: c of a unit in a band, with its expressions
 * - `farthest`: the step at which c of a unit differs most
 */
export function trainedRunOf(subject) {
  if (!subject.trained) return null;
  if (!subject.edits.some(([name]) => name.startsWith("lstm."))) return null;
  const steps = subject.asTrained();
  const distances = (unit) =>
    steps.map(({ c }, t) => Math.abs(c[unit] - subject.steps[t].c[unit]));
  // The bracket network has two units.
  const units = [0, 1].filter((unit) => Math.max(...distances(unit)) >= MIN_DIFFERENCE);
  if (!units.length) return null;
  return {
    units,
    setup: setup(subject),
    values: (unit) => steps.map(({ c }) => c[unit]),
    over(unit, { first, stop }) {
      const values = this.values(unit).slice(first, stop);
      return new Vector(
        values,
        NAME,
        values.map(() => 0),
        [0, unit],
        first,
      );
    },
    farthest(unit) {
      const sizes = shares(distances(unit));
      return sizes.indexOf(Math.max(...sizes));
    },
  };
}

/**
 * Python that runs the network with its original weights: a copy in which each edited
 * number is what it was.
 */
function setup({ variables }) {
  const assigned = Object.entries(known.network.tensors)
    .filter(([name]) => name.startsWith("lstm."))
    .flatMap(([name, tensor]) => {
      const attribute = name.replace("lstm.", "");
      const written = (at, old, now) =>
        old === now
          ? []
          : [`    trained.${attribute}[${at.join(", ")}] = ${exact(old)}`];
      return tensor.flatMap((row, k) =>
        Array.isArray(row)
          ? row.flatMap((old, j) => written([k, j], old, variables[name][k][j]))
          : written([k], row, variables[name][k]),
      );
    });
  return [
    "# The c of the network as it was trained, which reads the same.",
    "trained = torch.nn.LSTM(4, 2)",
    "trained.load_state_dict(lstm.state_dict())",
    "with torch.no_grad():",
    ...assigned,
    `${NAME} = torch.stack(`,
    "    [trained(x[: t + 1], (h_0, c_0))[1][1][0] for t in range(len(x))]",
    ")",
    "",
  ].join("\n");
}
