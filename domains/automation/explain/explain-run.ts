import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { type Plan, withBodies } from '#core/automation/plan.js';
import { AppError } from '#core/errors.js';
import type { Transaction } from '#db/client.js';
import { automationVersions, connections, runs } from '#db/schema/index.js';
import { versionOfRun } from '#db/version-joins.js';
import type { DomainContext } from '#runtime/domain.js';
import { RunError } from '../run.js';
import { explainHeld } from './explain-held.js';
import { explainSteps } from './explain-steps.js';
import { explainWorkers } from './explain-workers.js';
import { Explanation, explained } from './explanation.js';

export const explainRun = defineAction({
  name: 'runs.explain',
  title: 'Explain run',
  description:
    'Says why a run is where it is: what it waits for, until when, and who or what can make it go on.',
  permission: 'runs:read',
  effect: 'read',
  http: { method: 'get', path: '/runs/:id/explain' },
  input: z.strictObject({ id: z.uuid() }),
  output: Explanation,
  async run({ db, services }: DomainContext, { id }) {
    const [row] = await db
      .select({ run: runs, plan: automationVersions.plan })
      .from(runs)
      .innerJoin(automationVersions, versionOfRun)
      .where(eq(runs.id, id));
    if (!row) throw new AppError('not_found', 'There is no such run');
    const { run, plan } = row;
    if (run.finishedAt !== null) return explainEnd(db, run, plan);
    const held = run.status === 'queued' && run.heldFor;
    if (held && held !== 'dispatcher') return explainHeld(db, { ...run, heldFor: held }, plan);
    const step = await explainSteps(db, run, plan);
    if (step && step.code !== 'retrying') return step;
    const absent = await explainWorkers(services.engine);
    if (absent) return absent;
    if (step) return step;
    if (held) return explained('dispatcher', 'The dispatcher has not come to it yet');
    if (run.status === 'queued') return explained('starting', 'It was handed to the engine and begins soon');
    return explained('running', 'Its steps are at work');
  },
});

async function explainEnd(
  db: Transaction,
  { status, error: recorded }: typeof runs.$inferSelect,
  plan: Plan,
): Promise<Explanation> {
  const error = RunError.nullable().parse(recorded);
  const node = error?.node ?? null;
  const ended = `It has ${status}${error ? `: ${error.message}` : ''}`;
  const failed = withBodies(plan.nodes).find(({ id }) => id === node);
  const connectionId = failed?.type === 'action' ? failed.connection : undefined;
  if (error?.code !== 'credentials_expired' || connectionId === undefined) {
    return explained('ended', ended, { node, error });
  }
  const [connection] = await db
    .select({ name: connections.name })
    .from(connections)
    .where(eq(connections.id, connectionId));
  const message = `The credentials of connection "${connection?.name ?? connectionId}" are no longer accepted: renew them and retry the run`;
  return explained('credentials_expired', message, { node, error, connectionId });
}
