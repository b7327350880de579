import type { Plan } from '#core/automation/plan.js';

/** The published version of an automation that listens. */
export interface Listener {
  automationId: string;
  version: number;
  topic: string;
  hookKey: string;
  plan: Plan;
  grantId: string;
}
