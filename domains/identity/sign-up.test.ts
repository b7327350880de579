import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { defaultRoles } from '#core/permission.js';
import { auditLog, members, roles } from '#db/schema/index.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildOrganization } from '#test/builders/build-organization.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';
import { Session } from './session.js';

describe('identity.sign_up', () => {
  let app: BuilderApp;
  before(async () => {
    ({ app } = await testSystem());
  });

  const signUp = async (fields: object = {}) =>
    Session.parse(
      await app.perform({ kind: 'anonymous' }, 'identity.sign_up', {
        organization: { name: 'Acme' },
        name: 'Ada',
        email: `${randomUUID()}@example.com`,
        password: 'correct horse battery',
        ...fields,
      }),
    );

  it('makes an organization with its default roles and an owner, who is let in', async () => {
    const made = await signUp({ organization: { name: 'Ünïque & Sons' } });
    assert.match(made.organization.slug, /^unique-sons/);
    const claims = await app.services.accessTokens.verify(made.accessToken);
    assert.deepEqual([claims.userId, claims.orgId], [made.user.id, made.organization.id]);
    assert.equal(made.expiresInSeconds, app.services.accessTokens.lifetimeSeconds);

    const found = await app.services.database.withOrg(made.organization.id, async (transaction) => ({
      roles: await transaction.select({ key: roles.key }).from(roles),
      members: await transaction
        .select({ userId: members.userId, role: roles.key })
        .from(members)
        .innerJoin(roles, eq(roles.id, members.roleId)),
      audited: await transaction.select({ action: auditLog.action, by: auditLog.principalId }).from(auditLog),
    }));
    assert.deepEqual(found.roles.map(({ key }) => key).sort(), defaultRoles.map(({ key }) => key).sort());
    assert.deepEqual(found.members, [{ userId: made.user.id, role: 'owner' }]);
    assert.deepEqual(found.audited, [{ action: 'identity.sign_up', by: made.user.id }]);
  });

  it('leaves the id of the request in the audit log', async () => {
    const input = {
      organization: { name: 'Acme' },
      name: 'Ada',
      email: `${randomUUID()}@example.com`,
      password: 'correct horse battery',
    };
    const requestId = randomUUID();
    const made = Session.parse(
      await app.perform({ kind: 'anonymous' }, 'identity.sign_up', input, { requestId }),
    );
    const audited = await app.services.database.withOrg(made.organization.id, (transaction) =>
      transaction.select({ action: auditLog.action, requestId: auditLog.requestId }).from(auditLog),
    );
    assert.deepEqual(audited, [{ action: 'identity.sign_up', requestId }]);
  });

  it('gives organizations of one name different slugs', async () => {
    const name = `Twin ${randomUUID()}`;
    const made = await Promise.all([1, 2, 3].map(() => signUp({ organization: { name } })));
    assert.equal(new Set(made.map(({ organization }) => organization.slug)).size, 3);
  });

  it('refuses an email that has an account, in any case, and leaves the account alone', async () => {
    const { email, password } = await buildOrganization(app);
    const again = signUp({ email: email.toUpperCase(), password: 'another password' });
    await assertRefused(again, 'conflict', 'email');
    const logIn = (input: object) => app.perform({ kind: 'anonymous' }, 'identity.log_in', input);
    await logIn({ email, password });
    await assertRefused(logIn({ email, password: 'another password' }), 'unauthenticated');
  });

  it('lets one win of two who sign up with one email at once', async () => {
    const email = `${randomUUID()}@example.com`;
    const results = await Promise.allSettled([signUp({ email }), signUp({ email })]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    const lost = results.find((result) => result.status === 'rejected');
    await assertRefused(Promise.reject(lost?.reason), 'conflict', 'email');
  });

  const wrong: [string, object, string][] = [
    ['no organization', { organization: undefined }, 'organization'],
    ['an organization without a name', { organization: { name: ' ' } }, 'organization.name'],
    ['an empty name', { name: '' }, 'name'],
    ['what is no email address', { email: 'ada' }, 'email'],
    ['a password of 9 characters', { password: '123456789' }, 'password'],
    ['a password of 257 characters', { password: 'x'.repeat(257) }, 'password'],
    ['the email as password', { email: 'ada.l@example.com', password: 'Ada.L@example.com' }, 'password'],
  ];
  for (const [what, fields, path] of wrong) {
    it(`refuses ${what}, naming ${path}`, async () => {
      await assertRefused(signUp(fields), 'validation', path);
    });
  }

  it('takes a password of 10 and of 256 characters', async () => {
    await signUp({ password: 'aaaaaaaaaa' });
    await signUp({ password: '€'.repeat(256) });
  });
});
