import type postgres from 'postgres';
import { z } from 'zod';
import { sealAudit } from '#runtime/audit/seal-audit.js';
import type { Caller } from '#runtime/caller.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { openOwner } from '../owner.js';
import { openSystem, type TestSystem } from '../system.js';

export const Verification = z.object({
  checked: z.int(),
  erased: z.int(),
  next: z.int().nullable(),
  firstBreak: z
    .object({
      kind: z.string(),
      position: z.int().nullable(),
      auditId: z.string().nullable(),
      seal: z.int().nullable(),
    })
    .nullable(),
});

export const Entries = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      action: z.string(),
      targetId: z.string().nullable(),
      principalId: z.string(),
      position: z.int().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
});

export const Status = z.object({
  seal: z.object({ number: z.int(), position: z.int(), hash: z.string(), sealedAt: z.string() }).nullable(),
  unsealed: z.object({ count: z.int(), oldestAgeSeconds: z.number().nullable() }),
});

export interface AuditSystem extends TestSystem {
  owner: postgres.Sql;
}

let system: Promise<AuditSystem> | undefined;

/** A system without a worker, so that nothing is sealed but by the test. */
export function auditSystem(): Promise<AuditSystem> {
  system ??= openSystem().then((opened) => ({ ...opened, owner: openOwner(opened.stack) }));
  return system;
}

/** An organization whose log has this many entries, sealed three at a time. The first is the sign-up. */
export async function buildSealed(
  { app }: AuditSystem,
  count: number,
): Promise<BuiltOrganization & { auditIds: string[] }> {
  const organization = await buildOrganization(app);
  for (let made = 1; made < count; made += 1) {
    await buildProject(app, organization.caller, { name: `Project ${made}` });
    if (made % 3 === 2) await sealAudit(app.services, organization.orgId);
  }
  await sealAudit(app.services, organization.orgId);
  const { items } = Entries.parse(
    await app.perform(organization.caller, 'audit.list', { order: 'oldest', limit: 200 }),
  );
  return { ...organization, auditIds: items.map(({ id }) => id) };
}

export async function verify({ app }: AuditSystem, caller: Caller, input: object = {}) {
  return Verification.parse(await app.perform(caller, 'audit.verify', input));
}

/** Does something as the owner of the database with all triggers off: what nobody ought to be able to do. */
export async function tamper(
  { owner }: AuditSystem,
  work: (sql: postgres.TransactionSql) => Promise<unknown>,
): Promise<void> {
  await owner.begin(async (transaction) => {
    await transaction`SET LOCAL session_replication_role = replica`;
    await work(transaction);
  });
}
