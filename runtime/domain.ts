import type { z } from 'zod';
import type { DomainAction, PublicAction } from '#core/action.js';
import type { Domain as CoreDomain } from '#core/catalogue.js';
import type { EventDefinition } from '#core/event.js';
import type { Transaction } from '#db/client.js';
import type { AuditedChange } from './audit.js';
import type { Actor } from './caller.js';
import type { CookieJar } from './cookie-jar.js';
import type { RequestOrigin } from './request-origin.js';
import type { Services } from './services.js';

/** What a domain action gets: a transaction of its organization, who acts, and how to tell what happened. */
export interface DomainContext {
  db: Transaction;
  actor: Actor;
  /** Writes an outbox event in the same transaction; listeners hear of it after the commit. */
  emit<Payload extends z.ZodType>(event: EventDefinition<Payload>, payload: z.input<Payload>): void;
  /** Tells the audit log what was changed: the fields, before and after. What the action's schemas mark as sensitive is masked. */
  audit(change: AuditedChange): void;
  /** Runs after the commit, for what can't be rolled back: waking live views, signalling a workflow. */
  afterCommit(work: () => Promise<void> | void): void;
  services: Services;
  /** Where the request came from. */
  origin: RequestOrigin;
}

/** What a public action gets: no organization yet. */
export interface PublicContext {
  services: Services;
  /** Id of the request that asked, for the audit log. */
  requestId?: string;
  origin: RequestOrigin;
  cookies: CookieJar;
}

export type Action = DomainAction<DomainContext> | PublicAction<PublicContext>;
export type Domain = CoreDomain<Action>;
