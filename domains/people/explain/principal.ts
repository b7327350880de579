import { and, desc, eq } from 'drizzle-orm';
import { z } from 'zod';
import { invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import {
  apiKeys,
  automations,
  automationVersions,
  grants,
  members,
  roles,
  sessions,
  users,
} from '#db/schema/index.js';
import type { ActiveSession, Actor } from '#runtime/caller.js';
import type { DomainContext } from '#runtime/domain.js';
import { type KeyStanding, keyStandingFields } from '#runtime/key-standing.js';
import { rightsBy, sessionFields } from '#runtime/resolve-actor.js';
import { isGrantValid, readStanding, type Standing } from '#runtime/standing.js';

export const Principal = z.strictObject({ kind: z.enum(['user', 'api_key', 'automation']), id: z.uuid() });

/** Somebody whom the gates can be asked about, as they would come to the door. */
export interface FoundPrincipal {
  actor: Actor;
  standing: Standing;
  /** Of the person. */
  name: string;
  roleName: string;
  credential: Credential;
}

/** By what they act: nothing but themselves, a key, or the grant of a published automation. */
export type Credential =
  | { kind: 'user' }
  | { kind: 'api_key'; name: string; key: KeyStanding }
  | { kind: 'automation'; name: string; isGrantValid: boolean };

/** Throws `validation` naming `principal.id` for somebody who is not there. */
export async function findPrincipal(
  { db, actor: { orgId } }: Pick<DomainContext, 'db' | 'actor'>,
  { kind, id }: z.output<typeof Principal>,
): Promise<FoundPrincipal> {
  const { userId, scopes, credential } = await findCredential(db, orgId, { kind, id });
  const person = { orgId, userId };
  const [standing, [shown], session] = await Promise.all([
    readStanding(db, person),
    db
      .select({ name: users.name, roleName: roles.name })
      .from(members)
      .innerJoin(users, eq(users.id, members.userId))
      .innerJoin(roles, roleOfMember)
      .where(and(eq(members.orgId, orgId), eq(members.userId, userId))),
    kind === 'user' ? latestSession(db, person) : undefined,
  ]);
  if (!standing || !shown) throw invalidField({ path: 'principal.id', message: 'is not a member' });
  const actor: Actor = {
    orgId,
    kind,
    id,
    userId,
    ...rightsBy(standing),
    scopes,
    runId: null,
    depth: 0,
    ...(session && { session }),
  };
  return { actor, standing, ...shown, credential };
}

/** The session in which somebody has proven last who they are; one that is about to begin, for a person who has none. */
async function latestSession(
  db: Transaction,
  { orgId, userId }: { orgId: string; userId: string },
): Promise<ActiveSession> {
  const { isGoingOn, isRecent, isOwnProof, hasSecondFactor } = sessionFields;
  const [latest] = await db
    .select({ id: sessions.id, isRecent, isOwnProof, hasSecondFactor })
    .from(sessions)
    .where(and(eq(sessions.orgId, orgId), eq(sessions.userId, userId), isGoingOn))
    .orderBy(desc(sessions.authenticatedAt))
    .limit(1);
  return latest ?? { id: '', isRecent: false, isOwnProof: false, hasSecondFactor: false };
}

interface FoundCredential {
  userId: string;
  scopes: readonly string[] | null;
  credential: Credential;
}

async function findCredential(
  db: Transaction,
  orgId: string,
  { kind, id }: z.output<typeof Principal>,
): Promise<FoundCredential> {
  if (kind === 'user') return { userId: id, scopes: null, credential: { kind } };
  if (kind === 'api_key') {
    const [found] = await db
      .select({
        name: apiKeys.name,
        userId: apiKeys.userId,
        scopes: apiKeys.scopes,
        key: keyStandingFields,
      })
      .from(apiKeys)
      .where(and(eq(apiKeys.orgId, orgId), eq(apiKeys.id, id)));
    if (!found) throw invalidField({ path: 'principal.id', message: 'does not exist' });
    const { userId, scopes, ...key } = found;
    return { userId, scopes, credential: { kind, ...key } };
  }
  const [found] = await db
    .select({ name: automations.name, userId: grants.onBehalfOf, scopes: grants.scopes, isGrantValid })
    .from(automations)
    .innerJoin(
      automationVersions,
      and(
        eq(automationVersions.orgId, automations.orgId),
        eq(automationVersions.automationId, automations.id),
        eq(automationVersions.version, automations.publishedVersion),
      ),
    )
    .innerJoin(grants, and(eq(grants.orgId, automations.orgId), eq(grants.id, automationVersions.grantId)))
    .where(and(eq(automations.orgId, orgId), eq(automations.id, id)));
  if (!found) {
    throw invalidField({ path: 'principal.id', message: 'does not exist, or is not published' });
  }
  const { userId, scopes, ...grant } = found;
  return { userId, scopes, credential: { kind, ...grant } };
}
