/** Passes of loops that one workflow carries, so that its history stays well below Temporal's limit of 51,200 events. */
export const maxPasses = 1_000;
