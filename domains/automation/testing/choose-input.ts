import { and, desc, eq } from 'drizzle-orm';
import type { AutomationDefinition } from '#core/automation/definition.js';
import { AppError, invalidField } from '#core/errors.js';
import { runs } from '#db/schema/index.js';
import type { DomainContext } from '#runtime/domain.js';
import { sourcePayload } from '#runtime/runs/source-payload.js';
import { sampleOfTrigger } from '../sample-of-trigger.js';
import type { TestRequest } from './test-automation.js';

/**
 * What `trigger` is in a test run. What the request says goes before what the draft has pinned. Throws `validation` where
 * there is no last run, or no sample that fits, and `not_found` for a `fromRun` that is no run of the automation.
 */
export async function chooseInput(
  { db, actor, services }: DomainContext,
  { id, input, useLastRun, useSample, pinned, fromRun }: TestRequest,
  definition: AutomationDefinition,
): Promise<unknown> {
  if (input !== undefined) return input;
  const ofAutomation = eq(runs.automationId, id);
  const payloadOf = (run: typeof runs.$inferSelect) =>
    sourcePayload(db, services.files(actor.orgId, db), run);
  if (useLastRun) {
    const [last] = await db
      .select()
      .from(runs)
      .where(and(ofAutomation, eq(runs.isTest, false)))
      .orderBy(desc(runs.createdAt), desc(runs.id))
      .limit(1);
    if (last) return payloadOf(last);
    throw invalidField({ path: 'useLastRun', message: 'the automation has had no run yet' });
  }
  if (useSample) return sampleOfTrigger(definition.trigger, services.catalogue, Date.now());
  if (pinned.trigger) return pinned.trigger;
  if (fromRun !== undefined) {
    const [run] = await db
      .select()
      .from(runs)
      .where(and(ofAutomation, eq(runs.id, fromRun)));
    if (!run) throw new AppError('not_found', 'There is no such run of the automation');
    return payloadOf(run);
  }
  return definition.pinned?.trigger ?? {};
}
