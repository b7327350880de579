import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import protocol from '@temporalio/proto';
import { z } from 'zod';
import { type SlackServer, startSlackServer } from '#stack/vendors/slack-server.js';
import { buildAutomation, chain, hookKeyOf } from '../builders/build-automation.js';
import {
  buildGitHubConnection,
  buildSlackConnection,
  testToken,
  testWebhookSecret,
} from '../builders/build-connection.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { finishedRuns, stepOf } from '../builders/watch-runs.js';
import { onTestsEnd } from '../closing.js';
import { type TestSystem, workingSystem } from '../system.js';
import { workflowOf } from './run-shape.js';
import { readHistory, type StoredHistory } from './stored-history.js';

const { History } = protocol.temporal.api.history.v1;

const issueTitle = 'Zebra crossing is unpainted';
const channel = 'nonexistent-zebra-channel';
const maxPayloadSize = 16 * 1024;
/** A story of about 20 KB. */
const issueBody = Array.from({ length: 800 }, (_, line) => `Zebra number ${line} stumbled.`).join('\n');

/** GitHub's own published example of an opened issue. */
const opened = z
  .array(z.object({ name: z.string(), examples: z.array(z.looseObject({ action: z.string().optional() })) }))
  .parse(createRequire(import.meta.url)('@octokit/webhooks-examples'))
  .find(({ name }) => name === 'issues')
  ?.examples.find(({ action }) => action === 'opened');

describe("a run's history", () => {
  let slack: SlackServer;
  let history: StoredHistory;
  let decodedText: string;

  before(async () => {
    const system = await workingSystem();
    slack = await startSlackServer({ token: testToken, channels: ['bugs'] });
    onTestsEnd(() => slack.close());
    history = await historyOfTriage(system, slack.url);
    decodedText = history.payloads.map((payload) => Buffer.from(payload).toString('utf8')).join('\n');
  });

  it('shows what the run was about to those who have the key', () => {
    assert.ok(decodedText.includes(issueTitle));
    assert.ok(decodedText.includes('no such channel'), 'the error of a step');
    assert.equal(slack.messages[0]?.text, issueBody);
  });

  it('holds no business data in the clear', () => {
    const stored = Buffer.from(History.encode(history.raw).finish());
    for (const word of ['ebra', 'stumbled', 'no such channel', 'tasks.create', 'slack', 'description']) {
      assert.equal(stored.includes(word), false, word);
    }
  });

  it('holds no secret, not even encrypted', () => {
    const opened = Buffer.from(History.encode(history.decoded).finish()).toString('utf8');
    for (const secret of [testToken, testWebhookSecret]) {
      for (const form of [secret, Buffer.from(secret).toString('base64').slice(0, 20)]) {
        assert.equal(opened.includes(form) || decodedText.includes(form), false, form);
      }
    }
  });

  it('holds no payload over 16 KB and no part of the large texts', () => {
    const sizes = history.payloads.map((payload) => payload.byteLength);
    assert.ok(sizes.length > 10, 'payloads were looked at');
    assert.ok(Math.max(...sizes) <= maxPayloadSize, `${Math.max(...sizes)} bytes`);
    assert.equal(decodedText.includes('stumbled'), false);
  });

  it('holds no stack trace', () => {
    assert.equal(decodedText.includes('node_modules') || decodedText.includes('.js:'), false);
  });
});

/** An issue with a long body becomes a task; its description, a step's long output, goes to Slack. */
async function historyOfTriage(system: TestSystem, slackUrl: string): Promise<StoredHistory> {
  const { app } = system;
  const { orgId, caller } = await buildOrganization(app);
  const project = await buildProject(app, caller);
  const github = await buildGitHubConnection(app, caller);
  const slack = await buildSlackConnection(app, caller, slackUrl);
  const tell = { type: 'action', action: 'slack.post_message', connection: slack.id };
  const nodes = [
    {
      id: 'task',
      type: 'action',
      action: 'tasks.create',
      input: {
        projectId: project.id,
        title: '{{ trigger.issue.title }}',
        description: '{{ trigger.issue.body }}',
      },
    },
    { id: 'again', type: 'set', input: { values: { text: '{{ steps.task.output.description }}' } } },
    {
      id: 'fails',
      ...tell,
      input: { channel: `#${channel}`, text: '{{ trigger.issue.title }}' },
      onError: 'continue',
    },
    { id: 'tell', ...tell, input: { channel: '#bugs', text: '{{ steps.again.output.text }}' } },
    { id: 'where', type: 'set', input: { values: { at: '{{ steps.tell.output.ts }}' } } },
  ];
  const trigger = { type: 'github.issue_opened', connection: github.id };
  const automation = await buildAutomation(app, caller, chain(trigger, nodes));
  const example = z.looseObject({ issue: z.looseObject({}) }).parse(opened);
  await app.intake.accept({
    orgId,
    provider: 'github',
    hookKey: hookKeyOf(github.hookUrl ?? ''),
    externalId: randomUUID(),
    triggers: ['github.issue_opened'],
    payload: { ...example, issue: { ...example.issue, title: issueTitle, body: issueBody } },
  });
  const [run] = await finishedRuns(app, caller, automation.id);
  assert.ok(run);
  assert.equal(run.status, 'succeeded');
  assert.equal(stepOf(run, 'fails').status, 'failed');
  return readHistory(system, await workflowOf(app, orgId, automation.id));
}
