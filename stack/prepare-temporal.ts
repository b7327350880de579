import { findTemporalBinary } from './temporal-binary.js';

// Before the tests: the first of them that needs Temporal shall not wait minutes for its build.
await findTemporalBinary({ log: console.log, signal: new AbortController().signal });
