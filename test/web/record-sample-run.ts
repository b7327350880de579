import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '#runtime/project-root.js';
import {
  buildGitHubConnection,
  buildSlackConnection,
  testWebhookSecret,
} from '../builders/build-connection.js';
import { buildOrganization } from '../builders/build-organization.js';
import { buildProject } from '../builders/build-project.js';
import { finishedRun, startedRuns } from '../builders/watch-runs.js';
import { closeAll } from '../closing.js';
import { signInSystem } from '../sign-in/sign-in-system.js';
import { openTestSlack } from '../slack.js';

const target = join(projectRoot, 'web', 'features', 'landing', 'sample-run.json');
const payload = join(projectRoot, 'stack', 'vendors', 'payloads', 'github-issues-opened.json');

const Templates = z.object({ items: z.array(z.object({ key: z.string(), document: z.looseObject({}) })) });
const Imported = z.object({ items: z.array(z.object({ automation: z.object({ id: z.uuid() }) })) });
const Moment = z.iso.datetime().nullable();
const Run = z.object({
  automationName: z.string(),
  status: z.string(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime(),
  definition: z.object({
    trigger: z.looseObject({ type: z.string() }),
    nodes: z.array(z.looseObject({ id: z.string(), type: z.string() })),
    edges: z.array(z.unknown()),
  }),
  steps: z.array(
    z.object({
      nodeId: z.string(),
      status: z.string(),
      startedAt: Moment,
      finishedAt: Moment,
      output: z.object({ inline: z.unknown() }).nullable(),
    }),
  ),
});

/**
 * Lets the template that triages issues run on a real stack, started by GitHub's published example of a webhook, and
 * writes down what the API tells of the run: what the front page shows.
 */
async function main(): Promise<void> {
  const { app, address } = await signInSystem();
  const slack = await openTestSlack();
  const { caller } = await buildOrganization(app, { name: 'Northwind' });
  const project = await buildProject(app, caller, { name: 'Incoming work' });
  const github = await buildGitHubConnection(app, caller);
  await buildSlackConnection(app, caller, slack.apiUrl);
  const { items } = Templates.parse(await app.perform(caller, 'automations.list_templates', {}));
  const document = items.find(({ key }) => key === 'triage-github-issues')?.document;
  const parameters = { github: 'GitHub', slack: 'Slack', project: project.id, channel: '#general' };
  const imported = Imported.parse(await app.perform(caller, 'automations.import', { document, parameters }));
  const id = imported.items[0]?.automation.id ?? '';
  await app.perform(caller, 'automations.publish', { id });
  await deliver(address + new URL(github.hookUrl ?? '').pathname);
  const [runId = ''] = await startedRuns(app, caller, id);
  await finishedRun(app, caller, runId);
  const run = Run.parse(await app.perform(caller, 'runs.get', { id: runId }));
  if (run.status !== 'succeeded') throw new Error(`The run has ${run.status}`);
  writeFileSync(target, `${JSON.stringify(recordOf(run), null, 2)}\n`);
}

/** Times in milliseconds since the run was made; no ids of connections. */
function recordOf({
  automationName,
  status,
  createdAt,
  finishedAt,
  definition,
  steps,
}: z.output<typeof Run>) {
  const began = Date.parse(createdAt);
  const since = (moment: string | null) => (moment === null ? null : Math.max(0, Date.parse(moment) - began));
  const { connection: _, ...trigger } = definition.trigger;
  return {
    automationName,
    status,
    tookMs: since(finishedAt),
    definition: {
      trigger,
      nodes: definition.nodes.map(({ connection: __, ...node }) => node),
      edges: definition.edges,
    },
    steps: steps.map((step) => ({
      nodeId: step.nodeId,
      status: step.status,
      startedMs: since(step.startedAt),
      finishedMs: since(step.finishedAt),
      output: step.output?.inline ?? null,
    })),
  };
}

async function deliver(address: string): Promise<void> {
  const body = readFileSync(payload, 'utf8');
  const signature = createHmac('sha256', testWebhookSecret).update(body).digest('hex');
  const response = await fetch(address, {
    method: 'POST',
    body,
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${signature}`,
    },
  });
  if (response.status !== 202) throw new Error(`The delivery was answered with ${response.status}`);
}

await main().finally(closeAll);
process.exit();
