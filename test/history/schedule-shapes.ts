import { randomUUID } from 'node:crypto';
import { startGitHubServer } from '#stack/vendors/github-server.js';
import { buildAutomation, chain } from '../builders/build-automation.js';
import { buildGitHubConnection, testToken } from '../builders/build-connection.js';
import type { BuiltOrganization } from '../builders/build-organization.js';
import { describeSchedule, fireNow, openEngineClient, scheduledVersion } from '../builders/schedule-of.js';
import { runThat, startRun } from '../builders/watch-runs.js';
import { onTestsEnd } from '../closing.js';
import { eventually } from '../eventually.js';
import type { TestSystem } from '../system.js';

type ScheduleShape = (system: TestSystem, organization: BuiltOrganization) => Promise<string>;

/** No organization comes after it. */
const behindAll = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const rest = { id: 'rest', type: 'wait', input: { duration: '1h' } };

/**
 * The forms that workflows take which the clock starts: each lets one run and returns its id. A history of each is kept
 * beside those of the automation's workflow.
 */
export const scheduleShapes: Readonly<Record<string, ScheduleShape>> = {
  async 'schedule-fires'(system, { orgId, caller }) {
    const { app, configuration } = system;
    const { id } = await buildAutomation(
      app,
      caller,
      chain({ type: 'schedule', input: { every: '1h' } }, []),
    );
    const client = await openEngineClient(configuration);
    await scheduledVersion(client, orgId, id);
    return fireNow(client, orgId, id);
  },
  async 'schedule-waits'(system, { orgId, caller }) {
    const { app, configuration } = system;
    const trigger = { type: 'schedule', input: { every: '1h', overlap: 'buffer_one' } };
    const { id } = await buildAutomation(app, caller, chain(trigger, [rest]));
    const client = await openEngineClient(configuration);
    await scheduledVersion(client, orgId, id);
    const runId = await startRun(app, caller, id);
    await runThat(app, caller, runId, 'the run waits', ({ status }) => status === 'waiting');
    const workflowId = await fireNow(client, orgId, id);
    await eventually('the firing waits', async () => {
      const { raw } = await client.workflow.getHandle(workflowId).describe();
      return raw.pendingActivities?.some(({ attempt }) => (attempt ?? 0) > 1) ? true : undefined;
    });
    await app.perform(caller, 'runs.cancel', { id: runId });
    return workflowId;
  },
  async retention({ configuration }) {
    const client = await openEngineClient(configuration);
    const handle = await client.workflow.start('deleteExpiredRuns', {
      workflowId: `retention/${randomUUID()}`,
      taskQueue: configuration.TEMPORAL_TASK_QUEUE,
      args: [behindAll],
    });
    await handle.result();
    return handle.workflowId;
  },
  async polls(system, { orgId, caller }) {
    const { app, configuration } = system;
    const github = await startGitHubServer({ token: testToken });
    onTestsEnd(github.close);
    github.pushCommit('octocat/hello', 'old');
    const connection = await buildGitHubConnection(app, caller, github.url);
    const input = { owner: 'octocat', repo: 'hello' };
    const trigger = { type: 'github.new_commit', connection: connection.id, input };
    const { id } = await buildAutomation(app, caller, chain(trigger, []));
    const client = await openEngineClient(configuration);
    return eventually('the app was asked', async () => {
      const described = await describeSchedule(client, orgId, id);
      return described?.info.recentActions.at(-1)?.action.workflow.workflowId;
    });
  },
};
