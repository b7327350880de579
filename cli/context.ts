import type { Api } from './api.js';
import type { Output } from './output.js';

/** What every command works with. */
export interface CommandContext {
  api: Api;
  output: Output;
}
