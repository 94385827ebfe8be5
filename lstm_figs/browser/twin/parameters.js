// The names of the parameters of the module that is drawn.

/** The name of a parameter in preambles, such as `lstm.weight_ih_l0` of `weight_ih`. */
export const parameterName = (base) => `lstm.${base}_l0`;
