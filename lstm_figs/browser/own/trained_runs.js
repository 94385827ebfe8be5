// No run as trained, in place of `reading/trained_runs.js`, because nothing is known of
// the training of this network.

export const trainedRunOf = () => null;
