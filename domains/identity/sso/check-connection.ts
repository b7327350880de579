import { z } from 'zod';
import { defineAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { DomainContext } from '#runtime/domain.js';
import { openSsoConnection, registrationOf } from './open-sso-connection.js';
import { isProvenDomain } from './proven-domain.js';

const Checked = z.object({
  issuer: z.string(),
  signInUrl: z.string().describe('Where the provider takes people'),
  unprovenDomains: z.array(z.string()).describe('Domains that do not count yet'),
});

/** Asks the provider who it is. Throws `validation` naming `issuer`, or `provider_unavailable`. */
export const checkConnection = defineAction({
  name: 'sso_connections.check',
  title: 'Check single sign-on connection',
  description: "Reads the identity provider's own description, and tells which domains are not proven yet.",
  permission: 'sso_connections:update',
  effect: 'read',
  http: { method: 'post', path: '/sso-connections/:id/check' },
  input: z.strictObject({ id: z.uuid() }),
  output: Checked,
  async outside({ db, actor, services }: DomainContext, { id }) {
    const connection = await openSsoConnection(services, db, { orgId: actor.orgId, connectionId: id });
    return async () => ({
      connection,
      provider:
        connection.kind === 'oidc' ? await services.oidc.check(registrationOf(connection)) : undefined,
    });
  },
  async run({ db, actor }: DomainContext, _input, { connection, provider }) {
    const unprovenDomains: string[] = [];
    for (const domain of connection.domains) {
      if (!(await isProvenDomain(db, actor.orgId, domain))) unprovenDomains.push(domain);
    }
    if (!provider) {
      return { issuer: connection.issuer, signInUrl: connection.ssoUrl ?? '', unprovenDomains };
    }
    const { issuer, authorizationEndpoint } = provider;
    if (issuer.includes('{')) {
      throw new AppError('validation', 'issuer: is of no single tenant', {
        issues: [{ path: 'issuer', message: 'is of no single tenant' }],
      });
    }
    return { issuer, signInUrl: authorizationEndpoint, unprovenDomains };
  },
});
