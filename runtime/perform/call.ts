import type { Caller } from '../caller.js';
import type { PerformOptions } from './perform.js';

/** One call on its way through the door, after the caller is known. */
export interface Call {
  caller: Exclude<Caller, { kind: 'anonymous' }>;
  input: unknown;
  options: PerformOptions;
}
