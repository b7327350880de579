import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { auditLog, members, roles } from '#db/schema/index.js';
import { assertRefused } from '#test/builders/assert-refused.js';
import { buildMember } from '#test/builders/build-member.js';
import { buildOrganization } from '#test/builders/build-organization.js';
import type { BuilderApp } from '#test/builders/builder-app.js';
import { testSystem } from '#test/system.js';
import { Organization } from './organization.js';
import { Session } from './session.js';

const LoggedIn = Session.extend({ organizations: z.array(Organization) });

describe('identity.log_in', () => {
  let app: BuilderApp;
  before(async () => {
    ({ app } = await testSystem());
  });
  const logIn = async (input: object) =>
    LoggedIn.parse(await app.perform({ kind: 'anonymous' }, 'identity.log_in', input));

  async function join(userId: string, orgId: string) {
    await app.services.database.withOrg(orgId, async (transaction) => {
      const [role] = await transaction.select({ id: roles.id }).from(roles).where(eq(roles.key, 'member'));
      assert.ok(role);
      await transaction.insert(members).values({ orgId, userId, roleId: role.id });
    });
  }

  async function deactivate(userId: string, orgId: string) {
    await app.services.database.withOrg(orgId, (transaction) =>
      transaction
        .update(members)
        .set({ status: 'deactivated' })
        .where(and(eq(members.orgId, orgId), eq(members.userId, userId))),
    );
  }

  it('lets a person in, whatever the case of the email', async () => {
    const { email, password, userId, orgId } = await buildOrganization(app, { name: 'Acme' });
    const { accessToken, user, organization, organizations } = await logIn({
      email: email.toUpperCase(),
      password,
    });
    const claims = await app.services.accessTokens.verify(accessToken);
    assert.deepEqual([claims.userId, claims.orgId], [userId, orgId]);
    assert.deepEqual(user, { id: userId, name: 'Olivia Owner', email });
    assert.equal(organization.name, 'Acme');
    assert.deepEqual(organizations, [organization]);
  });

  it('leaves the id of the request in the audit log', async () => {
    const { email, password, orgId } = await buildOrganization(app);
    const requestId = randomUUID();
    await app.perform({ kind: 'anonymous' }, 'identity.log_in', { email, password }, { requestId });
    const audited = await app.services.database.withOrg(orgId, (transaction) =>
      transaction
        .select({ requestId: auditLog.requestId })
        .from(auditLog)
        .where(eq(auditLog.action, 'identity.log_in')),
    );
    assert.deepEqual(audited, [{ requestId }]);
  });

  it('fails alike for an unknown email and for a wrong password', async () => {
    const { email } = await buildOrganization(app);
    const wrongPassword = await assertRefused(
      logIn({ email, password: 'not the password' }),
      'unauthenticated',
    );
    const unknown = { email: `${randomUUID()}@example.com`, password: 'not the password' };
    const unknownEmail = await assertRefused(logIn(unknown), 'unauthenticated');
    assert.deepEqual(
      [unknownEmail.message, unknownEmail.issues],
      [wrongPassword.message, wrongPassword.issues],
    );
  });

  it('takes about as long for an unknown email as for a wrong password', async () => {
    const shortestMs = async (makeEmail: () => Promise<string>) => {
      const times: number[] = [];
      for (let attempt = 0; attempt < 9; attempt += 1) {
        const email = await makeEmail();
        const start = performance.now();
        await assertRefused(logIn({ email, password: 'not the password' }), 'unauthenticated');
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    const known = await shortestMs(async () => (await buildOrganization(app)).email);
    const unknown = await shortestMs(async () => `${randomUUID()}@example.com`);
    assert.ok(unknown > known / 1.5 && unknown < known * 1.5, `${unknown} ms and ${known} ms`);
  });

  it('goes to the organization joined first, or to the one asked for', async () => {
    const first = await buildOrganization(app, { name: 'First' });
    const second = await buildOrganization(app, { name: 'Second' });
    await join(first.userId, second.orgId);
    const credentials = { email: first.email, password: first.password };

    const unasked = await logIn(credentials);
    assert.equal(unasked.organization.id, first.orgId);
    assert.deepEqual(
      unasked.organizations.map(({ name }) => name),
      ['First', 'Second'],
    );
    const asked = await logIn({ ...credentials, organizationId: second.orgId });
    assert.equal(asked.organization.id, second.orgId);
    const claims = await app.services.accessTokens.verify(asked.accessToken);
    assert.equal(claims.orgId, second.orgId);
  });

  it('refuses an organization of which the person is not an active member', async () => {
    const acme = await buildOrganization(app);
    const stranger = await buildOrganization(app);
    const { email, password } = stranger;
    await assertRefused(logIn({ email, password, organizationId: acme.orgId }), 'forbidden');
    await assertRefused(logIn({ email, password, organizationId: randomUUID() }), 'forbidden');

    const left = await buildMember(app, acme, 'member');
    await deactivate(left.userId, acme.orgId);
    await assertRefused(logIn({ email: left.email, password: left.password }), 'forbidden');
  });

  it('refuses what is no email address, naming the field', async () => {
    await assertRefused(logIn({ email: 'ada', password: 'x' }), 'validation', 'email');
    await assertRefused(logIn({ email: 'ada@example.com' }), 'validation', 'password');
  });
});
