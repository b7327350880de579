import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { buildAutomation, chain, hookKeyOf } from '#test/builders/build-automation.js';
import { type BuiltOrganization, buildOrganization } from '#test/builders/build-organization.js';
import { type TestSystem, testSystem } from '#test/system.js';

const Shown = z.object({ externalId: z.string(), payload: z.unknown() });

describe('the intake of deliveries', () => {
  let app: TestSystem['app'];
  let acme: BuiltOrganization;
  let hookKey: string;
  before(async () => {
    ({ app } = await testSystem());
    acme = await buildOrganization(app);
    const note = { id: 'note', type: 'set', input: { values: { a: 1 } } };
    const definition = chain({ type: 'webhook' }, [note]);
    hookKey = hookKeyOf((await buildAutomation(app, acme.caller, definition)).webhookUrl);
  });

  const accept = (payload: unknown, externalId: string = randomUUID()) =>
    app.intake.accept({
      orgId: acme.orgId,
      provider: 'webhook',
      hookKey,
      externalId,
      triggers: ['webhook'],
      payload,
    });
  const show = async (id: string) => Shown.parse(await app.perform(acme.caller, 'deliveries.get', { id }));

  it('keeps a payload with characters that the database refuses, made U+FFFD', async () => {
    const { deliveryId } = await accept({
      body: {
        'na\0me': 'a\0b',
        list: ['\ud800', '\udc00x', 'whole 😀'],
        text: 'not an escape: \\u0000 \\ud800',
      },
    });
    assert.deepEqual((await show(deliveryId)).payload, {
      body: {
        'na\ufffdme': 'a\ufffdb',
        list: ['\ufffd', '\ufffdx', 'whole 😀'],
        text: 'not an escape: \\u0000 \\ud800',
      },
    });
  });

  it('keeps a large payload with such characters as a file', async () => {
    const { deliveryId } = await accept({ body: `\0\ud800${'x'.repeat(100_000)}` });
    assert.deepEqual((await show(deliveryId)).payload, { body: `\ufffd\ufffd${'x'.repeat(100_000)}` });
  });

  it('knows a delivery again whose id has such characters', async () => {
    const id = `${randomUUID()}\0\udfff`;
    const first = await accept({ body: 1 }, id);
    assert.equal(first.isNew, true);
    assert.deepEqual(await accept({ body: 1 }, id), { deliveryId: first.deliveryId, isNew: false });
    assert.equal((await show(first.deliveryId)).externalId, `${id.slice(0, 36)}\ufffd\ufffd`);
  });

  it('writes others of the same moment, whatever one of them holds', async () => {
    const payloads = Array.from({ length: 20 }, (_, index) => ({ body: index % 3 === 0 ? '\0' : 'fine' }));
    const accepted = await Promise.all(payloads.map((payload) => accept(payload)));
    assert.equal(new Set(accepted.map(({ deliveryId }) => deliveryId)).size, 20);
  });
});
