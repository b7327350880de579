import { randomUUID } from 'node:crypto';
import { and, eq, isNull } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError, isErrorCode } from '#core/errors.js';
import { connections } from '#db/schema/index.js';
import { markCredentialsExpired, openConnection } from '#runtime/connection.js';
import type { DomainContext } from '#runtime/domain.js';

const timeoutMs = 15_000;

/** Asks the app who we are. What it answers is told, not thrown; credentials that it refuses are marked as expired. */
export const testConnection = defineAction({
  name: 'connections.test',
  title: 'Test connection',
  description: 'Makes one cheap call to the app, which shows whether it takes the credentials.',
  permission: 'connections:update',
  effect: 'write',
  http: { method: 'post', path: '/connections/:id/test' },
  input: z.strictObject({ id: z.uuid() }),
  output: z.object({
    isWorking: z.boolean(),
    account: z.string().nullable().describe('Who we are there'),
    problem: z.object({ code: z.string(), message: z.string() }).nullable(),
  }),
  async outside({ db, actor, services }: DomainContext, { id }) {
    const [row] = await db
      .select({ connector: connections.connector })
      .from(connections)
      .where(and(eq(connections.id, id), isNull(connections.deletedAt)));
    if (!row) throw new AppError('not_found', 'There is no such connection');
    const connector = services.catalogue.connector(row.connector);
    const call = { name: 'connections.test', connector: connector.name, connection: 'required' as const };
    const { config, secret } = await openConnection(services, db, call, id);
    return async () => {
      const context = {
        config,
        secret,
        fetch: services.outgoing.fetch,
        stream: services.outgoing.stream,
        resolveHost: services.outgoing.resolveHost,
        files: services.files(actor.orgId),
        signal: AbortSignal.timeout(timeoutMs),
        idempotencyKey: randomUUID(),
        isRetry: false,
      };
      try {
        return { account: (await connector.test(context)).account, problem: null };
      } catch (error) {
        const code = error instanceof AppError && isErrorCode(error.code) ? error.code : 'internal';
        const message = error instanceof AppError ? error.message : 'The app could not be asked';
        return { account: null, problem: { code, message } };
      }
    };
  },
  async run({ db }: DomainContext, { id }, { account, problem }) {
    if (problem?.code === 'credentials_expired') await markCredentialsExpired(db, id);
    return { isWorking: problem === null, account, problem };
  },
});
