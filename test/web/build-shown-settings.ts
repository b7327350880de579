import type { App } from '#app.js';
import type { BuiltOrganization } from '../builders/build-organization.js';
import { roleWithKey } from '../builders/build-role.js';
import { buildSsoConnection, proveDomain } from '../builders/build-sso-connection.js';

/** What screens of settings show: a provider, domains, a token, support that is let in. */
export async function buildShownSettings(app: App, acme: BuiltOrganization): Promise<{ roleId: string }> {
  const { orgId, caller } = acme;
  const { id: roleId } = await roleWithKey(app, caller, 'manager');
  await proveDomain(app, orgId, 'northwind.example');
  await app.perform(caller, 'organization.add_domain', { domain: 'northwind-labs.example' });
  const issuer = 'https://login.northwind.example';
  const domains = ['northwind.example'];
  await buildSsoConnection(app, acme, { name: 'Northwind ID', issuer, clientId: 'worksynapse', domains });
  await app.perform(caller, 'scim_tokens.create', { name: 'Directory' });
  await app.perform(caller, 'support_access.grant', { reason: 'A question about runs', hours: 4 });
  const hours = [{ from: '09:00', to: '17:00' }];
  await app.perform(caller, 'organization.update_settings', {
    workingHours: { monday: hours, tuesday: hours, wednesday: hours, thursday: hours, friday: hours },
  });
  return { roleId };
}
