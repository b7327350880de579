import assert from 'node:assert/strict';
import { z } from 'zod';
import { definePublicAction } from '#core/action.js';
import { AppError } from '#core/errors.js';
import type { CookieJar } from '#runtime/cookie-jar.js';
import { type MemoryApp, memoryApp, type ServedApp, serve } from './testing/memory-app.js';

describe('the cookies of an https address', () => {
  let app: MemoryApp;
  let server: ServedApp;
  let act: (jar: CookieJar) => void;
  before(async () => {
    const action = definePublicAction({
      name: 'session.open',
      title: 'Open',
      description: 'Opens a session.',
      effect: 'write',
      cookies: 'opens',
      http: { method: 'post', path: '/open' },
      input: z.strictObject({}),
      output: z.object({}),
      run: async () => ({}),
    });
    app = await memoryApp({
      actions: [action],
      perform: async (_caller, _action, _input, options) => {
        if (options?.cookies) act(options.cookies);
        return {};
      },
    });
    server = await serve(app);
  });
  after(() => server.close());

  const open = (cookie = '') =>
    fetch(`${server.url}/v1/open`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(cookie !== '' && { cookie }) },
      body: '{}',
    });

  it('belong to this host alone, and never travel in the clear', async () => {
    act = (jar) => {
      jar.keep('session', 'a token', 60);
      jar.drop('device');
    };
    const [session = '', device = ''] = (await open()).headers.getSetCookie();
    assert.match(
      session,
      /^__Host-worksynapse_session=a%20token; Max-Age=60; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=Strict$/,
    );
    assert.match(
      device,
      /^__Host-worksynapse_device=; Path=\/; Expires=Thu, 01 Jan 1970[^;]+; HttpOnly; Secure; SameSite=Strict$/,
    );
  });

  it('are read under that name only, and not if they are too long', async () => {
    const seen: (string | undefined)[] = [];
    act = (jar) => seen.push(jar.get('session'));
    await open('__Host-worksynapse_session=right; worksynapse_session=wrong');
    await open('worksynapse_session=wrong');
    await open(`__Host-worksynapse_session=${'x'.repeat(513)}`);
    await open('__Host-worksynapse_session=%E0%A4%A');
    assert.deepEqual(seen.slice(0, 3), ['right', undefined, undefined]);
  });

  it('are only taken away by an action that failed', async () => {
    act = (jar) => {
      jar.drop('session');
      jar.keep('device', 'kept', 60);
      throw new AppError('unauthenticated', 'no');
    };
    const response = await open();
    assert.equal(response.status, 401);
    assert.deepEqual(
      response.headers.getSetCookie().map((line) => line.split('=', 1)[0]),
      ['__Host-worksynapse_session'],
    );
  });
});
