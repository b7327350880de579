import type { Perform } from '#runtime/perform/perform.js';
import type { Services } from '#runtime/services.js';

/** What builders need of a running system. */
export interface BuilderApp {
  services: Services;
  perform: Perform;
}
