import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { WaitOpening } from '#core/automation/wait.js';
import { defineEvent } from '#core/event.js';
import type { Transaction } from '#db/client.js';
import { waits } from '#db/schema/index.js';
import { type Hub, hubTopic } from '../hub/hub.js';
import { dispatchChannel, timeOrderedId } from '../outbox.js';
import { writeRecords } from '../records.js';
import { type ApprovalMailServices, writeApprovalMails } from './approval-mails.js';

export const approvalRequested = defineEvent({
  type: 'approval.requested',
  title: 'An approval is needed',
  description: 'A run of an automation waits for a decision.',
  payload: z.object({
    id: z.uuid(),
    runId: z.uuid(),
    automationId: z.uuid(),
    title: z.string(),
    users: z.array(z.uuid()),
    roles: z.array(z.string()),
    expiresAt: z.iso.datetime().nullable(),
  }),
});

/**
 * Opens a wait, or finds it opened by an earlier attempt of the same call, or before the workflow went on as a new one;
 * by now it may be over. Those who are to decide are told by mail. Returns how to tell live views and the dispatcher of it.
 */
export async function openWait(
  services: ApprovalMailServices,
  transaction: Transaction,
  opening: WaitOpening,
): Promise<{ id: string; isOver: boolean; announce(hub: Hub): void }> {
  const { orgId, runId, nodeId, iteration, attempt, workflowId, expiresAt, asks } = opening;
  const id = timeOrderedId();
  const [opened] = await transaction
    .insert(waits)
    .values({
      orgId,
      id,
      runId,
      nodeId,
      iteration,
      attempt,
      workflowId,
      kind: asks.kind,
      ...(asks.kind === 'event'
        ? { topic: `event:${asks.event}`, match: asks.match }
        : { request: asks.request }),
      expiresAt: isoMoment(expiresAt),
    })
    .onConflictDoNothing()
    .returning({ id: waits.id });
  if (!opened) return { ...(await findWait(transaction, opening)), announce: () => {} };
  if (asks.kind === 'event') return { id, isOver: false, announce: () => {} };
  const event = requestedEvent(id, opening);
  const { queued: heard } = await writeRecords(transaction, { orgId, events: [event] });
  const { automationId } = opening;
  const { request } = asks;
  const by = { kind: 'automation' as const, id: automationId };
  const told = { orgId, id, by, request, expiresAt: isoMoment(expiresAt) };
  const { queued: mailed } = await writeApprovalMails(services, transaction, told, {
    news: 'request',
    to: request.approvers,
    except: new Set(),
  });
  return {
    id,
    isOver: false,
    announce(hub) {
      hub.publish(hubTopic.events(orgId), { type: 'event', id: event.id });
      if (heard + mailed > 0) hub.publish(dispatchChannel, { type: 'event', id: event.id });
    },
  };
}

async function findWait(
  transaction: Transaction,
  { runId, nodeId, iteration, attempt }: WaitOpening,
): Promise<{ id: string; isOver: boolean }> {
  const [row] = await transaction
    .select({ id: waits.id, status: waits.status })
    .from(waits)
    .where(
      and(
        eq(waits.runId, runId),
        eq(waits.nodeId, nodeId),
        eq(waits.iteration, iteration),
        eq(waits.attempt, attempt),
      ),
    );
  if (!row) throw new Error('A wait was neither opened nor found');
  return { id: row.id, isOver: row.status !== 'open' };
}

function requestedEvent(id: string, { runId, automationId, depth, expiresAt, asks }: WaitOpening) {
  if (asks.kind !== 'approval') throw new Error('Only approvals are announced');
  const { title, approvers } = asks.request;
  const payload = approvalRequested.payload.parse({
    id,
    runId,
    automationId,
    title,
    users: approvers.users,
    roles: approvers.roles,
    expiresAt: isoMoment(expiresAt),
  });
  return {
    id: timeOrderedId(),
    type: approvalRequested.type,
    payload,
    runId,
    depth: depth + 1,
    isNotice: true,
  };
}

function isoMoment(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
