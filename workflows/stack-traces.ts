// The SDK takes a stack trace of every promise of a workflow, to answer "where does it hang". The graph's nodes already
// say that, and the traces cost more than all else a run computes.
Error.stackTraceLimit = 0;
