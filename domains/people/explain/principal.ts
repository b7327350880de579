import { and, desc, eq, sql } from 'drizzle-orm';
import { z } from 'zod';
import { AgentDefinition, type ApprovalPolicy, allowedActions } from '#core/agents/definition.js';
import { invalidField } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { roleOfMember } from '#db/member-joins.js';
import {
  agents,
  agentVersions,
  apiKeys,
  automations,
  automationVersions,
  grants,
  members,
  roles,
  sessions,
  users,
} from '#db/schema/index.js';
import { agentsAreStopped } from '#runtime/agents/agent-run.js';
import type { ActiveSession, Actor } from '#runtime/caller.js';
import type { DomainContext } from '#runtime/domain.js';
import { type KeyStanding, keyStandingFields } from '#runtime/key-standing.js';
import { sessionFields } from '#runtime/resolve-actor.js';
import { readSignInRules } from '#runtime/sign-in/sign-in-rules.js';
import { type Demand, unmetDemand } from '#runtime/sign-in/unmet-demand.js';
import { type SignInMethod, SignInMethodName } from '#runtime/sign-in-challenges.js';
import { isGrantValid, readStanding, rightsBy, type Standing } from '#runtime/standing.js';

export const Principal = z.strictObject({
  kind: z.enum(['user', 'api_key', 'automation', 'agent']),
  id: z.uuid(),
  userId: z.uuid().optional().describe('Of an agent: on whose behalf it acts; whoever asks unless given'),
});

/** Somebody whom the gates can be asked about, as they would come to the door. */
export interface FoundPrincipal {
  actor: Actor;
  standing: Standing;
  /** Of the person. */
  name: string;
  roleName: string;
  credential: Credential;
  /** Of a person in an organization that asks for a second factor. */
  secondFactor: SecondFactorStanding | undefined;
}

/** How somebody stands towards the second factor that their organization asks for. */
export interface SecondFactorStanding {
  hasSession: boolean;
  /** What signing in would ask besides the proofs of the session; besides a password where there is none. */
  unmet: Demand | undefined;
}

const newSession: ActiveSession = { id: '', isRecent: false, isOwnProof: false, hasSecondFactor: false };

/** By what they act: nothing but themselves, a key, or the grant of a published automation. */
export type Credential =
  | { kind: 'user' }
  | { kind: 'api_key'; name: string; key: KeyStanding }
  | { kind: 'automation'; name: string; isGrantValid: boolean }
  | {
      kind: 'agent';
      name: string;
      /** It is active, and what its published version was granted goes on. */
      isGrantValid: boolean;
      /** When people are asked for their consent, by the name of the action. */
      approvals: ReadonlyMap<string, ApprovalPolicy>;
    };

/** Throws `validation` naming `principal.id` for somebody who is not there. */
export async function findPrincipal(
  { db, actor: asking }: Pick<DomainContext, 'db' | 'actor'>,
  wanted: z.output<typeof Principal>,
): Promise<FoundPrincipal> {
  const { orgId } = asking;
  const { kind, id } = wanted;
  const { userId, scopes, credential } =
    kind === 'agent'
      ? await findAgentCredential(db, orgId, { id, userId: wanted.userId ?? asking.userId })
      : await findCredential(db, orgId, { kind, id });
  const person = { orgId, userId };
  const [standing, [shown], latest] = await Promise.all([
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
  const secondFactor = kind === 'user' ? await askSecondFactor(db, person, latest) : undefined;
  // One that is about to begin, for a person who has none.
  const session = kind === 'user' ? (latest ?? newSession) : undefined;
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
  return { actor, standing, ...shown, credential, secondFactor };
}

/** Undefined where the organization asks for none. */
async function askSecondFactor(
  db: Transaction,
  person: { orgId: string; userId: string },
  session: { methods: readonly SignInMethod[] } | undefined,
): Promise<SecondFactorStanding | undefined> {
  if (!(await readSignInRules(db, person.orgId)).needsSecondFactor) return undefined;
  const methods = session?.methods ?? ['password'];
  await enterPerson(db, person.userId);
  const unmet = await unmetDemand(db, { ...person, methods });
  await enterPerson(db, '');
  return { hasSession: session !== undefined, unmet };
}

async function enterPerson(db: Transaction, userId: string): Promise<void> {
  await db.execute(sql`SELECT set_config('app.user_id', ${userId}, true)`);
}

/** The session in which somebody has proven last who they are, of those that go on. */
async function latestSession(
  db: Transaction,
  { orgId, userId }: { orgId: string; userId: string },
): Promise<(ActiveSession & { methods: SignInMethod[] }) | undefined> {
  const { isGoingOn, isRecent, isOwnProof, hasSecondFactor } = sessionFields;
  const [latest] = await db
    .select({ id: sessions.id, methods: sessions.methods, isRecent, isOwnProof, hasSecondFactor })
    .from(sessions)
    .where(and(eq(sessions.orgId, orgId), eq(sessions.userId, userId), isGoingOn))
    .orderBy(desc(sessions.authenticatedAt))
    .limit(1);
  return latest && { ...latest, methods: z.array(SignInMethodName).parse(latest.methods) };
}

interface FoundCredential {
  userId: string;
  scopes: readonly string[] | null;
  credential: Credential;
}

async function findCredential(
  db: Transaction,
  orgId: string,
  { kind, id }: { kind: 'user' | 'api_key' | 'automation'; id: string },
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

async function findAgentCredential(
  db: Transaction,
  orgId: string,
  { id, userId }: { id: string; userId: string },
): Promise<FoundCredential> {
  const [found] = await db
    .select({
      name: agents.name,
      status: agents.status,
      deletedAt: agents.deletedAt,
      definition: agentVersions.definition,
      scopes: grants.scopes,
      isGrantValid,
      areAllStopped: agentsAreStopped(orgId),
    })
    .from(agents)
    .innerJoin(
      agentVersions,
      and(
        eq(agentVersions.orgId, agents.orgId),
        eq(agentVersions.agentId, agents.id),
        eq(agentVersions.version, agents.publishedVersion),
      ),
    )
    .innerJoin(grants, and(eq(grants.orgId, agents.orgId), eq(grants.id, agentVersions.grantId)))
    .where(and(eq(agents.orgId, orgId), eq(agents.id, id)));
  if (!found) throw invalidField({ path: 'principal.id', message: 'does not exist, or is not published' });
  const { name, scopes } = found;
  const isActive = found.status === 'active' && found.deletedAt === null && !found.areAllStopped;
  const approvals = new Map(
    allowedActions(AgentDefinition.parse(found.definition)).map((action) => [action.name, action.approval]),
  );
  const credential = {
    kind: 'agent' as const,
    name,
    isGrantValid: found.isGrantValid && isActive,
    approvals,
  };
  return { userId, scopes, credential };
}
