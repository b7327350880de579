import { and, asc, eq, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { momentText } from '#core/moment-text.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import { automations, members, organizations, roles, runs, users } from '#db/schema/index.js';
import { composeBody, cut, type Mail, subjectLine } from '../mail/mail.js';
import { wantingMail } from '../notifications/wanted-ways.js';

const RunError = z.object({ code: z.string(), message: z.string(), node: z.string().optional() });
/** Owners of the organization who are told in place of an automation's owner who has left. */
const maxStandIns = 5;

/**
 * The mail to an automation's owner about a run that failed, and `more` besides. It holds the error, and no data of the
 * run. `key`: the same for what shall be told once.
 */
export async function failureMails(
  transaction: Transaction,
  runId: string,
  { key, more }: { key: string; more: number },
): Promise<Mail[]> {
  const [run] = await transaction
    .select({
      id: runs.id,
      version: runs.automationVersion,
      error: runs.error,
      finishedAt: runs.finishedAt,
      name: automations.name,
      ownerId: automations.ownerId,
      organization: organizations.name,
    })
    .from(runs)
    .innerJoin(automations, eq(automations.id, runs.automationId))
    .innerJoin(organizations, eq(organizations.id, runs.orgId))
    .where(eq(runs.id, runId));
  if (!run) return [];
  const { code, message, node } = RunError.catch({ code: 'internal', message: '' }).parse(run.error);
  const facts: [string, string][] = [
    ['Organization', run.organization],
    ['Automation', `${run.name}, version ${run.version}`],
    ['Run', run.id],
    ['Step', node ?? 'none'],
    ['Code', code],
    ['Message', cut(message, 500)],
  ];
  if (run.finishedAt !== null) facts.push(['Failed', momentText(run.finishedAt)]);
  if (more > 0) facts.push(['Since the last mail', `and ${more} more`]);
  const title = more > 0 ? `${run.name} failed, and ${more} more times` : `${run.name} failed`;
  const body = composeBody({
    title,
    paragraphs: code === 'forbidden' ? [adviceOnForbidden] : [],
    facts,
    links: [],
    footer:
      'You own this automation. Its setting failureNotice says when you are told: first, every or none.',
  });
  const owners = await wantingMail(transaction, 'run_failed', await findOwners(transaction, run.ownerId));
  return owners.map(({ userId, email }) => ({
    to: email,
    subject: subjectLine(title),
    body,
    dedupeKey: `failure:${key}:${userId}`,
  }));
}

const adviceOnForbidden =
  'It may no longer do what it does: its publisher has lost a right or has left, or a service refuses it. Somebody who has the right can publish it again.';

/** The owner; the organization's owners if that person has left. */
async function findOwners(transaction: Transaction, ownerId: string) {
  const rows = await transaction
    .select({ userId: users.id, email: users.email })
    .from(members)
    .innerJoin(roles, roleOfMember)
    .innerJoin(users, eq(users.id, members.userId))
    .where(and(eq(members.status, 'active'), or(eq(members.userId, ownerId), eq(roles.key, 'owner'))))
    .orderBy(sql`${members.userId} = ${ownerId} DESC`, asc(members.createdAt))
    .limit(maxStandIns);
  return rows[0]?.userId === ownerId ? rows.slice(0, 1) : rows;
}
