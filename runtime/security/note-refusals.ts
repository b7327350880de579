import { and, eq } from 'drizzle-orm';
import { AppError } from '#core/errors.js';
import { enterOrg } from '#db/client.js';
import { members } from '#db/schema/index.js';
import type { Caller } from '../caller.js';
import type { RequestOrigin } from '../request-origin.js';
import { recordSecurityEvent } from '../security-events.js';
import type { Services } from '../services.js';

type KnownCaller = Exclude<Caller, { kind: 'anonymous' }>;
type Needed = Pick<Services, 'database' | 'configuration' | 'vault' | 'logger'>;

/** Counts a call that was refused for want of a right, in a transaction of its own: that of the call has been rolled back. */
export async function noteDenial(
  services: Needed,
  caller: KnownCaller,
  { action, origin }: { action: string; origin: RequestOrigin | undefined },
  error: unknown,
): Promise<void> {
  if (!(error instanceof AppError) || error.code !== 'forbidden') return;
  const isAutomation = caller.kind === 'automation';
  const id = isAutomation ? caller.automationId : caller.kind === 'api_key' ? caller.keyId : caller.userId;
  await services.database
    .withOrg(caller.orgId, (db) =>
      recordSecurityEvent(services, db, {
        orgId: caller.orgId,
        kind: 'permission_denied',
        userId: isAutomation ? null : caller.userId,
        principal: { kind: caller.kind, id },
        origin,
        details: { action },
        ...(isAutomation && { runId: caller.runId, depth: caller.depth + 1 }),
      }),
    )
    .catch((err: unknown) => services.logger.error({ err, action }, 'A refusal could not be recorded'));
}

/** A person may be a member of more; the others are not told of a failed log-in. */
const maxOrganizations = 20;

/**
 * Tells each organization of a person that somebody tried their account with a wrong password. Not to be waited for:
 * an answer that takes longer would tell that there is such an account.
 */
export async function noteFailedLogIn(
  services: Needed,
  userId: string,
  origin: RequestOrigin | undefined,
): Promise<void> {
  try {
    await services.database.withUser(userId, async (db) => {
      const memberships = await db
        .select({ orgId: members.orgId })
        .from(members)
        .where(and(eq(members.userId, userId), eq(members.status, 'active')))
        .limit(maxOrganizations);
      for (const { orgId } of memberships) {
        await enterOrg(db, orgId);
        await recordSecurityEvent(services, db, { orgId, kind: 'log_in_failed', userId, origin });
      }
    });
  } catch (err) {
    services.logger.error({ err }, 'A failed log-in could not be recorded');
  }
}
