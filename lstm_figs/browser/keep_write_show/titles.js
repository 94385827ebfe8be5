// What units do with their c at a step, as a title:
// `figures/keep_write_show/titles.py`.

import { sentence } from "../twin/words.js";

/** A gate above the first limit is open; one below the second is shut. */
const [OPEN, SHUT] = [0.9, 0.1];
/** A write is at least the first; a state below the second is nearly empty. */
const [MIN_WRITE, MIN_STATE] = [0.5, 0.1];
/** A gate at most this far from one half is about half open. */
const HALF_OPEN = 0.25;

/** The titles of steps at which no unit does anything clearly. */
const OTHER_TITLES = {
  all: "An LSTM keeps, writes and shows",
  keep: "The forget gate keeps a part of c_prev",
  write: "The input gate writes a part of g",
  show: "The output gate shows a part of tanh c",
};

/** What is true of a unit, with its place as @; float errors are allowed for. */
const is = {
  kept: `f@ > ${OPEN} - 1e-6`,
  dropped: `f@ < ${SHUT} + 1e-6`,
  full: `abs(c_prev@) > ${MIN_STATE} - 1e-6`,
  empty: `abs(c_prev@) < ${MIN_STATE} + 1e-6`,
  written: `abs((i * g)@) > ${MIN_WRITE} - 1e-6`,
  idle: `abs((i * g)@) < ${SHUT} + 1e-6`,
};

/** What a unit does at a step: words for one unit and for two, and its claims. */
const act = (singular, plural, ...claims) => ({
  singular,
  plural,
  claim: claims.join(" and "),
});
const REPLACES = act("replaces its c", "replace their c", is.dropped, is.full, is.written);
const ADDS = act("adds to its c", "add to their c", is.kept, is.full, is.written);
const CLEARS = act("clears its c", "clear their c", is.dropped, is.full, is.idle);
const FILLS = act("fills its empty c", "fill their empty c", is.empty, is.written);
const KEEPS = act("keeps its c", "keep their c", is.kept, is.full);
const DROPS = act("drops its c", "drop their c", is.dropped, is.full);
const WRITES = act("writes", "write", is.written);
const IS_IDLE = act("hardly writes", "hardly write", is.idle);
const SHOWS = act("shows its tanh c", "show their tanh c", `o@ > ${OPEN} - 1e-6`);
const HIDES = act("hides its tanh c", "hide their tanh c", `o@ < ${SHUT} + 1e-6`);

/**
 * The title of a step of some units.
 *
 * - `subject, t`: the run, and the step from 0
 * - `focus`: `all`, `keep`, `write` or `show`: what the figure highlights
 */
export function titleOf(subject, t, units, focus) {
  const step = subject.steps[t];
  const acts = units.flatMap((unit) => {
    const own = ACTS[focus](valuesOf(step, unit));
    return own ? [[unit, own]] : [];
  });
  if (!acts.length) return otherTitle(step, t, focus);
  const [[unit, own], ...more] = acts;
  const second = more.find(([, other]) => other !== own) ?? more[0];
  const claimOf = ([of, { claim }]) => claim.replaceAll("@", `[${t}, 0, ${of}]`);
  const claims = [acts[0], ...(second ? [second] : [])].map(claimOf);
  const claim = `bool(${claims.join(" and ")})`;
  if (!second) return sentence(`Unit {} ${own.singular}`, [[unit, unit]], claim);
  const [secondUnit, other] = second;
  const template =
    other === own
      ? `Units {} and {} ${own.plural}`
      : `Unit {} ${own.singular}, unit {} ${other.singular}`;
  const values = [unit, secondUnit].map((of) => [of, of]);
  return sentence(template, values, claim);
}

/** The title of a step at which no unit does anything clearly. */
function otherTitle({ i, f, o }, t, focus) {
  const isHalfOpen = (gate) => Math.abs(gate - 0.5) < HALF_OPEN;
  return focus === "all" && [...i, ...f, ...o].every(isHalfOpen)
    ? sentence(
        "Gates are about half open, as before training",
        [],
        `bool((abs(torch.stack([i, f, o])[:, ${t}, 0] - 0.5) < ${HALF_OPEN} + 1e-6).all())`,
      )
    : sentence(OTHER_TITLES[focus]);
}

/** The values of a unit that decide what it does. */
const valuesOf = (step, unit) => ({
  f: step.f[unit],
  state: Math.abs(step.c_prev[unit]),
  written: Math.abs(step.i[unit] * step.g[unit]),
  o: step.o[unit],
});

/** What a unit does, in each focus. */
const ACTS = {
  all({ f, state, written }) {
    if (state < MIN_STATE) return written > MIN_WRITE && FILLS;
    if (written > MIN_WRITE) return f > OPEN ? ADDS : f < SHUT && REPLACES;
    return f > OPEN ? KEEPS : f < SHUT && written < SHUT && CLEARS;
  },
  keep: ({ f, state }) => state >= MIN_STATE && (f > OPEN ? KEEPS : f < SHUT && DROPS),
  write: ({ written }) =>
    written > MIN_WRITE ? WRITES : written < SHUT && IS_IDLE,
  show: ({ o }) => (o > OPEN ? SHOWS : o < SHUT && HIDES),
};
