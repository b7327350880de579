import type { ModelPurpose } from '#core/ai/model.js';
import type { Actor } from '../caller.js';

/** Who uses a model, and what for: budgets, limits and the log go by it. */
export interface ModelUse {
  actor: Pick<Actor, 'orgId' | 'kind' | 'id' | 'userId'>;
  purpose: ModelPurpose;
  agent?: { id: string; version: number };
  /** The run of an automation or an agent, and its step. */
  run?: { id: string; step: string };
}
