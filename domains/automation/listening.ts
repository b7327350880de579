import { eq } from 'drizzle-orm';
import type { AutomationDefinition } from '#core/automation/definition.js';
import { findTrigger, listenerTopic } from '#core/automation/triggers/find-trigger.js';
import { WebhookTriggerInput } from '#core/automation/triggers/webhook.js';
import type { TriggerDescription } from '#core/catalogue.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { connections, listeners, polls } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { dispatchChannel } from '#runtime/outbox.js';
import { reviseSchedule } from '#runtime/triggers/revise-schedule.js';

/** A published version and what it listens to. */
export interface PublishedVersion {
  orgId: string;
  /** The automation's. */
  id: string;
  version: number;
  /** The automation's own; mail, plain webhooks and what the clock brings come in by it. */
  hookKey: string;
  definition: AutomationDefinition;
}

/** Lets this version listen, and no other of the automation. Throws `validation` if another has taken its path. */
export async function listen(context: DomainContext, published: PublishedVersion): Promise<void> {
  const { db, services } = context;
  const { id, definition } = published;
  const trigger = findTrigger(definition.trigger, services.catalogue);
  const topic = trigger && listenerTopic(trigger);
  await db.delete(listeners).where(eq(listeners.automationId, id));
  if (trigger && topic !== undefined) await writeListener(db, trigger, { ...published, topic });
  // A version that goes on asking for the same goes on where the last one was.
  if (!trigger?.isPolled) await forgetPoll(db, id);
  await tellEngine(context, id, trigger?.timetable !== undefined);
}

async function writeListener(
  db: Transaction,
  trigger: TriggerDescription,
  published: PublishedVersion & { topic: string },
): Promise<void> {
  const { orgId, id, version, topic, definition } = published;
  const hookKey = topic.startsWith('event:') ? '' : await hookKeyOf(db, trigger, published);
  const path = pathOf(definition);
  const [written] = await db
    .insert(listeners)
    .values({ orgId, automationId: id, version, topic, hookKey, path })
    .onConflictDoNothing({ target: [listeners.orgId, listeners.path] })
    .returning({ path: listeners.path });
  if (written) return;
  const message = `${path} is the path of another active automation`;
  throw new AppError('validation', message, {
    issues: [{ node: 'trigger', path: 'trigger.input.path', message }],
  });
}

function pathOf({ trigger }: AutomationDefinition): string | undefined {
  return trigger.type === 'webhook' ? WebhookTriggerInput.parse(trigger.input).path : undefined;
}

/** No new run will be started by a delivery, an event or the clock. */
export async function stopListening(context: DomainContext, automationId: string): Promise<void> {
  const { db } = context;
  await db.delete(listeners).where(eq(listeners.automationId, automationId));
  await forgetPoll(db, automationId);
  await tellEngine(context, automationId, false);
}

async function forgetPoll(db: Transaction, automationId: string): Promise<void> {
  await db.delete(polls).where(eq(polls.automationId, automationId));
}

async function tellEngine(
  { db, actor, services, afterCommit }: DomainContext,
  automationId: string,
  isScheduled: boolean,
): Promise<void> {
  const isQueued = await reviseSchedule(db, { orgId: actor.orgId, automationId }, isScheduled);
  if (isQueued)
    afterCommit(() => services.hub.publish(dispatchChannel, { type: 'schedule', id: automationId }));
}

async function hookKeyOf(
  db: Transaction,
  trigger: TriggerDescription,
  { definition, hookKey }: PublishedVersion,
): Promise<string> {
  const connectionId = definition.trigger.connection;
  // What was asked for an automation is news for this one only.
  // A webhook's connection only holds the senders' secret.
  if (connectionId === undefined || trigger.isPolled || trigger.name === 'webhook') return hookKey;
  const [connection] = await db
    .select({ hookKey: connections.hookKey })
    .from(connections)
    .where(eq(connections.id, connectionId));
  return connection?.hookKey ?? hookKey;
}
