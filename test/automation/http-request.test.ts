import assert from 'node:assert/strict';
import { z } from 'zod';
import { http } from '#connectors/http/index.js';
import type { Caller } from '#runtime/caller.js';
import { createHttpVendor, sendJson } from '#stack/vendors/http-vendor.js';
import { buildOrganization } from '../builders/build-organization.js';
import { runOnce, stepOf } from '../builders/watch-runs.js';
import { type TestSystem, workingSystem } from '../system.js';
import { manual, set } from './nodes.js';

const retry = { attempts: 3, backoff: '100ms', maxBackoff: '100ms' };

describe('an HTTP request in an automation', () => {
  const vendor = createHttpVendor(http);
  let system: TestSystem;
  let caller: Caller;

  before(async () => {
    system = await workingSystem();
    ({ caller } = await buildOrganization(system.app));
  });
  afterEach(() => vendor.close());

  const request = (input: object, more: object = {}) => ({
    id: 'call',
    type: 'action',
    action: 'http.request',
    input,
    retry,
    ...more,
  });
  const run = (node: ReturnType<typeof request>) =>
    runOnce(system.app, caller, manual([node], 'trigger > call'));

  it('needs no connection, takes expressions and gives its answer to the next step', async () => {
    const origin = await vendor.serve((response, { target }) => sendJson(response, { target }));
    const finished = await runOnce(
      system.app,
      caller,
      manual(
        [
          request({ url: `${origin}/{{ 'th' + 'ings' }}`, query: { n: '{{ 1 + 1 }}' } }),
          set('seen', {
            target: '{{ steps.call.output.body.target }}',
            status: '{{ steps.call.output.status }}',
          }),
        ],
        'trigger > call',
        'call > seen',
      ),
    );
    assert.equal(finished.status, 'succeeded', finished.error?.message);
    assert.deepEqual(stepOf(finished, 'seen').output, { inline: { target: '/things?n=2', status: 200 } });
  });

  it('uses a connection, whose secret is in nothing that the run shows', async () => {
    const origin = await vendor.serve((response, { headers }) => sendJson(response, headers));
    const connection = z.looseObject({ id: z.uuid() }).parse(
      await system.app.perform(caller, 'connections.create', {
        connector: 'http',
        name: 'API',
        config: { baseUrl: origin },
        secret: { scheme: 'bearer', token: 'very-secret-token' },
      }),
    );
    const finished = await run(request({ url: '/me' }, { connection: connection.id }));
    assert.equal(finished.status, 'succeeded', finished.error?.message);
    assert.equal(vendor.last()?.headers.authorization, 'Bearer very-secret-token');
    assert.ok(!JSON.stringify(finished).includes('very-secret-token'));
  });

  const broken = () => vendor.serve((response) => response.destroy());

  it('is not made again with POST when the answer was lost', async () => {
    const finished = await run(request({ method: 'POST', url: await broken() }));
    assert.equal(finished.error?.code, 'conflict');
    assert.match(finished.error?.message ?? '', /onUnknownOutcome/);
    assert.equal(vendor.requests.length, 1);
  });

  it('is made again with POST and the same key where the user says so', async () => {
    const finished = await run(request({ method: 'POST', url: await broken(), onUnknownOutcome: 'repeat' }));
    assert.equal(finished.error?.code, 'provider_unavailable');
    const keys = vendor.requests.map(({ headers }) => headers['idempotency-key']);
    assert.equal(keys.length, 3);
    assert.equal(new Set(keys).size, 1);
  });

  it('is made again with POST after it was turned away unprocessed', async () => {
    const origin = await vendor.serve((response) => {
      if (vendor.requests.length === 1) response.writeHead(429, { 'retry-after': '1' }).end();
      else sendJson(response, { made: true });
    });
    const finished = await run(request({ method: 'POST', url: origin }));
    assert.equal(finished.status, 'succeeded', finished.error?.message);
    assert.equal(vendor.requests.length, 2);
  });
});
