// The names of the parameters of anybody's module, in place of `twin/parameters.js`.

import { known } from "../twin/known.js";

/** The name of a parameter in preambles, such as `cell.weight_ih` of `weight_ih`. */
export const parameterName = (base) => known.network.names[base];
