// The digest of all parameters of a network, which may have no biases.

import { known } from "../twin/known.js";
import { digest as digestOf } from "../twin/digest.js";

/** The digest without biases that the network does not have. */
export const digest = (tensors) =>
  digestOf(
    Object.fromEntries(
      Object.entries(tensors).filter(([name]) => name in known.network.arrays),
    ),
  );
