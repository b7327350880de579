import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { type Api, createApi } from './api.js';

export interface DemoOrganization {
  name: string;
  email: string;
  password: string;
  /** As its owner. */
  api: Api;
}

const Session = z.object({ accessToken: z.string(), organization: z.object({ name: z.string() }) });

/** Signs up a new organization, with a name of its own, so that the demo can be run again and again. */
export async function signUp(url: string): Promise<DemoOrganization> {
  const suffix = randomBytes(3).toString('hex');
  const email = `dana-${suffix}@example.com`;
  const password = randomBytes(12).toString('base64url');
  const session = await createApi(url).post(
    '/v1/sign-up',
    { organization: { name: `Demo ${suffix}` }, name: 'Dana Demo', email, password },
    Session,
  );
  return { name: session.organization.name, email, password, api: createApi(url, session.accessToken) };
}
