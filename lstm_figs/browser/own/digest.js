// The digest of all parameters of a network, of each layer.

import { known } from "../twin/known.js";
import { digestOf } from "../twin/digest.js";

/** SHA-256 of the parameters in PyTorch's order, which is that of the page. */
export const digest = (tensors) => digestOf(tensors, known.network.parameters);
