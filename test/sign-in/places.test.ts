import assert from 'node:assert/strict';
import { z } from 'zod';
import { Session } from '#domains/identity/session.js';
import { buildOrganization } from '../builders/build-organization.js';
import { type TestSystem, workingSystem } from '../system.js';

const Listed = z.object({
  items: z.array(
    z.looseObject({
      ip: z.string().nullable(),
      place: z.object({ country: z.string(), city: z.string().nullable() }).nullable(),
    }),
  ),
});

describe('the place of a sign-in', () => {
  let system: TestSystem;
  before(async () => {
    system = await workingSystem();
  });

  it('is told with sessions, in the history and in the mail about a new device', async () => {
    const { app, mailbox } = system;
    const { orgId, userId, email, password } = await buildOrganization(app);
    const logIn = async (ip: string) => {
      const origin = { ip, network: ip, userAgent: `Browser at ${ip}` };
      const call = app.perform({ kind: 'anonymous' }, 'identity.log_in', { email, password }, { origin });
      return Session.parse(await call);
    };
    await logIn('10.0.0.1');
    const { accessToken } = await logIn('8.8.8.8');
    const { sessionId } = await app.services.accessTokens.verify(accessToken);
    const caller = { kind: 'user' as const, orgId, userId, sessionId };
    for (const action of ['sessions.list', 'identity.list_log_ins']) {
      const { items } = Listed.parse(await app.perform(caller, action, {}));
      const placeFrom = (ip: string) => items.find((item) => item.ip === ip)?.place;
      assert.deepEqual(placeFrom('8.8.8.8'), { country: 'US', city: null }, action);
      assert.equal(placeFrom('10.0.0.1'), null, action);
    }
    const mail = await mailbox.receivedAbout(email, /^New sign-in to Acme$/);
    assert.match(mail.text ?? '', /Place: (United States|unknown)/);
    const mails = (await mailbox.received(email, 2)).map(({ text }) => text ?? '');
    assert.ok(mails.some((text) => text.includes('Place: United States')));
  });
});
