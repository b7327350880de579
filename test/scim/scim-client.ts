import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { buildOrganization } from '../builders/build-organization.js';
import { proveDomain } from '../builders/build-sso-connection.js';
import type { ServedSystem } from '../ingress/served-system.js';

const Resource = z.looseObject({ id: z.uuid() });
const Token = z.object({ id: z.uuid(), token: z.string() });
const List = z.looseObject({ totalResults: z.int(), Resources: z.array(Resource) });
const ScimProblem = z.looseObject({ schemas: z.array(z.string()), status: z.string() });

export interface ScimAnswer {
  status: number;
  headers: Headers;
  body: unknown;
}

export type ScimClient = Awaited<ReturnType<typeof buildProvisioned>>;

/** An organization with a proven domain, and an identity provider that calls with a token of it. */
export async function buildProvisioned({ app, address }: ServedSystem) {
  const organization = await buildOrganization(app);
  const domain = `${randomUUID()}.example`;
  await proveDomain(app, organization.orgId, domain);
  const made = Token.parse(
    await app.perform(organization.caller, 'scim_tokens.create', { name: 'Directory' }),
  );

  async function call(method: string, path: string, body?: unknown, token = made.token): Promise<ScimAnswer> {
    const response = await fetch(`${address}/scim/v2${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { 'content-type': 'application/scim+json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === '' ? undefined : JSON.parse(text),
    };
  }

  async function expect(status: number, method: string, path: string, body?: unknown) {
    const answer = await call(method, path, body);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    return Resource.parse(answer.body);
  }

  return {
    organization,
    domain,
    tokenId: made.id,
    token: made.token,
    call,
    user: (name: string, more: object = {}) =>
      expect(201, 'POST', '/Users', { userName: `${name}@${domain}`, ...more }),
    group: (displayName: string, ids: readonly string[] = []) =>
      expect(201, 'POST', '/Groups', { displayName, members: ids.map((value) => ({ value })) }),
    get: (path: string) => expect(200, 'GET', path),
    put: (path: string, body: object) => expect(200, 'PUT', path, body),
    patch: (path: string, ...Operations: object[]) =>
      expect(200, 'PATCH', path, {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations,
      }),
    async list(path: string) {
      const answer = await call('GET', path);
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return List.parse(answer.body);
    },
    async refused(status: number, method: string, path: string, body?: unknown) {
      const answer = await call(method, path, body);
      assert.equal(answer.status, status, JSON.stringify(answer.body));
      assert.match(answer.headers.get('content-type') ?? '', /^application\/scim\+json/);
      const problem = ScimProblem.parse(answer.body);
      assert.deepEqual(problem.schemas, ['urn:ietf:params:scim:api:messages:2.0:Error']);
      assert.equal(problem.status, String(status));
      return problem;
    },
  };
}
