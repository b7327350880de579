import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { z } from 'zod';
import type { RawDelivery } from '#core/connector.js';
import { projectRoot } from '#runtime/project-root.js';
import { github } from './index.js';

const secret = { token: 'token-1', webhookSecret: 'webhook secret' };

/** GitHub's own published examples: events, each with several payloads. */
const published = z
  .array(z.object({ name: z.string(), examples: z.array(z.looseObject({ action: z.string().optional() })) }))
  .parse(createRequire(import.meta.url)('@octokit/webhooks-examples'));

const triggerOf: Record<string, string> = {
  'issues.opened': 'github.issue_opened',
  'issues.closed': 'github.issue_closed',
  'issues.labeled': 'github.issue_labeled',
  'issue_comment.created': 'github.issue_commented',
  'pull_request.opened': 'github.pull_request_opened',
  'pull_request.closed': 'github.pull_request_closed',
  push: 'github.push',
  'release.published': 'github.release_published',
  'workflow_run.completed': 'github.workflow_run_completed',
};

describe('GitHub webhook', () => {
  it('reads every published example of the events that are supported', async () => {
    const seen = new Set<string>();
    for (const { name, examples } of published) {
      for (const example of examples) {
        const kind = example.action === undefined ? name : `${name}.${example.action}`;
        const expected = triggerOf[kind];
        if (expected === undefined) continue;
        const received = await receive(signed(name, JSON.stringify(example)));
        assert.equal(received.kind, 'event');
        assert.ok(received.triggers.includes(expected), kind);
        for (const trigger of received.triggers)
          assert.deepEqual(outputOf(trigger).parse(received.payload), example);
        seen.add(kind);
      }
    }
    // The package has no example of a closed issue; it differs from others of its event by the action alone.
    assert.deepEqual(
      Object.keys(triggerOf).filter((kind) => !seen.has(kind)),
      ['issues.closed'],
    );
  });

  it('reads the sample of each trigger as an event that fires it', async () => {
    const eventOf = (name: string) =>
      Object.keys(triggerOf).find((kind) => triggerOf[kind] === name) ?? 'pull_request.closed';
    for (const { name, sample } of github.triggers.filter(({ poll }) => !poll)) {
      const [event = ''] = eventOf(name).split('.');
      const received = await receive(signed(event, JSON.stringify(sample)));
      assert.ok(received.kind === 'event' && received.triggers.includes(name), name);
    }
  });

  it('fits the triggers of issues to every other published issue event as well', () => {
    const issues = published.find(({ name }) => name === 'issues')?.examples ?? [];
    assert.ok(issues.length > 20);
    for (const example of issues) assert.deepEqual(outputOf('github.issue_closed').parse(example), example);
  });

  it('accepts other events without firing anything', async () => {
    for (const { name, examples } of published.filter((event) =>
      ['ping', 'star', 'fork'].includes(event.name),
    )) {
      const received = await receive(signed(name, JSON.stringify(examples[0])));
      assert.deepEqual(received.kind === 'event' && received.triggers, []);
    }
  });

  it('fires merged besides closed for a pull request that was merged', async () => {
    const triggersOfMerged = async (merged: boolean) => {
      const received = await receive(
        signed('pull_request', JSON.stringify({ action: 'closed', pull_request: { merged } })),
      );
      return received.kind === 'event' && received.triggers;
    };
    assert.deepEqual(await triggersOfMerged(true), [
      'github.pull_request_closed',
      'github.pull_request_merged',
    ]);
    assert.deepEqual(await triggersOfMerged(false), ['github.pull_request_closed']);
  });

  it('reads the form that GitHub sends when the webhook is set to form encoding', async () => {
    const json = await readFile(
      join(projectRoot, 'stack/vendors/payloads/github-issues-opened.json'),
      'utf8',
    );
    const form = new URLSearchParams({ payload: json }).toString();
    const received = await receive(
      signed('issues', form, { 'content-type': 'application/x-www-form-urlencoded' }),
    );
    assert.deepEqual(received, {
      kind: 'event',
      deliveryId: 'delivery-1',
      triggers: ['github.issue_opened'],
      payload: JSON.parse(json),
    });
  });

  it("accepts GitHub's documented signature and nothing else", async () => {
    const documented = { token: 't', webhookSecret: "It's a Secret to Everybody" };
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17';
    const delivery = (value: string | undefined, body = 'Hello, World!'): RawDelivery => ({
      headers: {
        'x-github-event': 'push',
        'x-github-delivery': '1',
        ...(value && { 'x-hub-signature-256': value }),
      },
      body: Buffer.from(body),
      receivedAt: 0,
    });
    // The documented body is no JSON, so a signature that holds leads on to the next complaint.
    await assert.rejects(receive(delivery(signature), documented), { code: 'malformed' });
    const forged = `${signature.slice(0, -1)}8`;
    for (const wrong of [forged, signature.slice(7), 'sha256=', undefined]) {
      await assert.rejects(receive(delivery(wrong), documented), { code: 'unauthenticated' });
    }
    await assert.rejects(receive(delivery(signature, 'Hello, World?'), documented), {
      code: 'unauthenticated',
    });
    await assert.rejects(receive(delivery(signature, ''), documented), { code: 'unauthenticated' });
    await assert.rejects(receive(delivery(signature), { token: 't' }), { code: 'unauthenticated' });
  });

  it('refuses a genuine delivery that cannot be read', async () => {
    for (const body of ['{', '[]', 'null', '"text"']) {
      await assert.rejects(receive(signed('issues', body)), { code: 'malformed' });
    }
    await assert.rejects(receive(signed('issues', '{}', { 'x-github-delivery': '' })), { code: 'malformed' });
  });
});

function receive(delivery: RawDelivery, given: unknown = secret) {
  assert.ok(github.webhook);
  return github.webhook.receive(delivery, given);
}

function signed(event: string, body: string, headers: Record<string, string> = {}): RawDelivery {
  const signature = `sha256=${createHmac('sha256', secret.webhookSecret).update(body).digest('hex')}`;
  return {
    headers: {
      'content-type': 'application/json',
      'x-github-event': event,
      'x-github-delivery': 'delivery-1',
      'x-hub-signature-256': signature,
      ...headers,
    },
    body: Buffer.from(body),
    receivedAt: 0,
  };
}

function outputOf(name: string): z.ZodType {
  const trigger = github.triggers.find((one) => one.name === name);
  assert.ok(trigger, name);
  return trigger.output;
}
