import assert from 'node:assert/strict';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { runs } from '#db/schema/index.js';
import { startSlackServer } from '#stack/vendors/slack-server.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildSlackConnection, testToken } from '../builders/build-connection.js';
import { type BuiltOrganization, buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { deliverTogether } from '../builders/deliver.js';
import { finishedRun, finishedRuns, startedRuns } from '../builders/watch-runs.js';
import { onTestsEnd } from '../closing.js';
import type { TestSystem } from '../system.js';
import type { Shape, Surroundings } from './shapes.js';

const Made = z.object({ id: z.uuid() });

/** An organization with a project and a local Slack in which there is a channel `#bugs` and no other. */
export async function buildSurroundings({
  app,
}: TestSystem): Promise<Surroundings & { organization: BuiltOrganization }> {
  const organization = await buildOrganization(app);
  const project = await buildProject(app, organization.caller);
  const slack = await startSlackServer({ token: testToken, channels: ['bugs'] });
  onTestsEnd(() => slack.close());
  const connection = await buildSlackConnection(app, organization.caller, slack.url);
  const build = async (node: { id: string } & Record<string, unknown>) =>
    (await buildAutomation(app, organization.caller, chain({ type: 'manual' }, [node]))).id;
  await app.perform(organization.caller, 'variables.create', { name: 'sign', value: '!' });
  const end = { id: 'end', type: 'stop' };
  return {
    organization,
    projectId: project.id,
    slackConnectionId: connection.id,
    greetingAutomationId: await build({ ...end, input: { output: { text: 'Hi {{ trigger.name }}' } } }),
    failingAutomationId: await build({ ...end, input: { status: 'failed', message: 'No milk' } }),
    restingAutomationId: await build({ id: 'rest', type: 'wait', input: { duration: '1d' } }),
  };
}

/** Runs a shape to its end. Returns the id of its workflow. */
export async function runShape(
  { app }: TestSystem,
  { orgId, caller }: BuiltOrganization,
  { definition, bodies, intervene, test }: Shape,
): Promise<string> {
  if (test) {
    const draft = { name: 'Test', draft: definition };
    const { id } = Made.parse(await app.perform(caller, 'automations.create', draft));
    const { id: runId } = Made.parse(await app.perform(caller, 'automations.test', { id, ...test }));
    const run = await finishedRun(app, caller, runId);
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error));
    return workflowOf(app, orgId, id);
  }
  const { id, webhookUrl } = await buildAutomation(app, caller, definition);
  await deliverTogether(app, { orgId, webhookUrl }, bodies);
  if (intervene) {
    const [first = ''] = await startedRuns(app, caller, id);
    await intervene(app, caller, first);
  }
  await finishedRuns(app, caller, id, bodies.length);
  return workflowOf(app, orgId, id);
}

/** The workflow that carries all runs of an automation. */
export async function workflowOf(
  app: TestSystem['app'],
  orgId: string,
  automationId: string,
): Promise<string> {
  const rows = await app.services.database.withOrg(orgId, (transaction) =>
    transaction
      .selectDistinct({ workflowId: runs.workflowId })
      .from(runs)
      .where(eq(runs.automationId, automationId)),
  );
  const [{ workflowId } = { workflowId: '' }, ...others] = rows;
  assert.equal(others.length, 0, 'one workflow carries all runs');
  return workflowId;
}
