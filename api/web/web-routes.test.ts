import assert from 'node:assert/strict';
import { type MemoryApp, memoryApp, type ServedApp, serve } from '../testing/memory-app.js';

describe('the web app is served', () => {
  let app: MemoryApp;
  let server: ServedApp;
  before(async () => {
    app = await memoryApp();
    server = await serve(app);
  });
  after(() => server.close());

  const get = (path: string, headers: Record<string, string> = { accept: 'text/html' }) =>
    fetch(server.url + path, { headers });

  it('at every address of a page, with a content policy that lets nothing in from elsewhere', async () => {
    for (const path of ['/', '/projects/1?view=board', '/account/reset-password/secret', '/whatever']) {
      const answer = await get(path);
      assert.match(await answer.text(), /<div id="root">/, path);
      assert.equal(answer.headers.get('cache-control'), 'no-store');
      const policy = answer.headers.get('content-security-policy') ?? '';
      assert.match(policy, /default-src 'none'.*script-src 'self';/);
      assert.doesNotMatch(policy, /unsafe/);
    }
  });

  it('with a nonce of each answer, which the page has too', async () => {
    const nonceOf = async () => {
      const answer = await get('/');
      const [, nonce = ''] =
        /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '') ?? [];
      assert.ok((await answer.text()).includes(`nonce="${nonce}"`));
      return nonce;
    };
    const nonces = [await nonceOf(), await nonceOf()];
    assert.notEqual(nonces[0], nonces[1]);
    for (const nonce of nonces) assert.ok(nonce.length >= 22, nonce);
  });

  it('not in place of what the server answers itself', async () => {
    for (const path of [
      '/v1/nothing',
      '/hooks/none/at',
      '/forms/none',
      '/static/none.js',
      '/scim/v2/none',
      '/dev/x',
    ]) {
      const answer = await get(path);
      assert.ok(answer.status >= 400, `${path}: ${answer.status}`);
      assert.doesNotMatch(await answer.text(), /id="root"/, path);
    }
    assert.equal((await get('/projects', { accept: 'application/json' })).status, 404);
    const posted = await fetch(`${server.url}/projects`, {
      method: 'POST',
      headers: { accept: 'text/html' },
    });
    assert.equal(posted.status, 404);
  });

  it('in files that are kept for good, packed as the browser takes them', async () => {
    const page = await (await get('/')).text();
    const [, script = ''] = /src="(\/static\/[^"]+\.js)"/.exec(page) ?? [];
    for (const [accepted, encoding] of [
      ['gzip, deflate, br', 'br'],
      ['gzip', 'gzip'],
      ['identity', null],
    ] as const) {
      const answer = await get(script, { 'accept-encoding': accepted });
      assert.equal(answer.status, 200);
      assert.equal(answer.headers.get('content-encoding'), encoding, accepted);
      assert.match(answer.headers.get('content-type') ?? '', /^text\/javascript/);
      assert.match(answer.headers.get('cache-control') ?? '', /immutable/);
      assert.match(await answer.text(), /import|export|const/);
    }
    assert.doesNotMatch((await get('/theme.js', {})).headers.get('cache-control') ?? '', /immutable/);
  });

  it('without its sources list and other hidden files', async () => {
    assert.equal((await get('/.sources', {})).status, 404);
    assert.equal((await get('/index.html', {})).status, 404);
  });
});
