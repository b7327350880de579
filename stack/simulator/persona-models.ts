import type { Conversation } from './conversation.js';
import { findModel, modelNotFound } from './models.js';
import { demoReply } from './personas/demo/demo.js';
import { gullibleReply } from './personas/gullible/gullible.js';
import { loopingReply } from './personas/looping.js';
import { ScriptedModel } from './personas/scripted.js';
import {
  type Failure,
  type FailureInput,
  Failure as FailureSchema,
  Script,
  type ScriptedReply,
  type ScriptInput,
} from './script.js';

/** What the simulator answers with: its personas, the scripts it was given, and failures that were ordered. */
export class Models {
  readonly #scripts = new Map<string, ScriptedModel>();
  #failures: { model: string | undefined; failure: Failure }[] = [];

  constructor(private readonly isForTests: boolean) {}

  get scriptNames(): Iterable<string> {
    return this.#scripts.keys();
  }

  /** Adds a script, or puts it in the place of one of the same name, with its counts at zero. Throws ZodError. */
  putScript(given: ScriptInput): void {
    const script = Script.parse(given);
    this.#scripts.set(script.name, new ScriptedModel(script));
  }

  /** Lets the next requests fail, of one model or of any. Throws ZodError. */
  failNext(times: number, failure: FailureInput, model?: string): void {
    const parsed = FailureSchema.parse(failure);
    this.#failures.push(...Array.from({ length: times }, () => ({ model, failure: parsed })));
  }

  forgetFailures(): void {
    this.#failures = [];
  }

  /** The failure that was ordered for a request to this model, which is thereby used up. */
  takeFailure(model: string): Failure | undefined {
    const at = this.#failures.findIndex((one) => one.model === undefined || one.model === model);
    return at < 0 ? undefined : this.#failures.splice(at, 1)[0]?.failure;
  }

  /** Throws ModelError for a name that no model has; only tests have others than the demo model. */
  require(name: string): void {
    const { persona, detail } = findModel(name);
    if (persona !== 'demo' && !this.isForTests) throw modelNotFound(name);
    if (persona === 'scripted' && !this.#scripts.has(detail)) throw modelNotFound(name);
  }

  /** What the model of this conversation says. Throws ModelError for a name that no model has. */
  reply(conversation: Conversation): ScriptedReply {
    this.require(conversation.model);
    const { persona, detail } = findModel(conversation.model);
    switch (persona) {
      case 'demo':
        return demoReply(conversation);
      case 'gullible':
        return gullibleReply(conversation);
      case 'looping':
        return loopingReply(conversation, detail);
      case 'scripted':
        return this.#scripts.get(detail)?.reply(conversation) ?? {};
    }
  }
}
