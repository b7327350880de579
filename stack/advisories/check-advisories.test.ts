import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { projectRoot } from '#runtime/project-root.js';
import { temporaryFolder } from '../temporary-folder.js';

/** Runs the check against a registry that answers so. */
async function check(answer: RequestListener) {
  const registry = createServer(answer).listen(0, '127.0.0.1');
  await once(registry, 'listening');
  const cache = temporaryFolder();
  const env = {
    PATH: process.env.PATH,
    HOME: cache.path,
    npm_config_cache: cache.path,
    npm_config_registry: `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`,
    npm_config_fetch_retries: '0',
  };
  const program = join(projectRoot, 'dist/stack/advisories/check-advisories.js');
  const outcome = await new Promise<{ status: number; output: string }>((resolve) => {
    execFile(process.execPath, [program], { env, timeout: 50_000 }, (error, stdout, stderr) =>
      resolve({ status: Number(error?.code ?? 0), output: stdout + stderr }),
    );
  });
  registry.close();
  registry.closeAllConnections();
  cache.remove();
  return outcome;
}

/** A registry of which one package has an advisory for every version. */
function withAdvisory(name: string, severity: string): RequestListener {
  const advisory = {
    id: 1,
    url: 'https://github.com/advisories/GHSA-0000-0000-0000',
    title: 'It can be made to stand still',
    severity,
    vulnerable_versions: '*',
    cwe: [],
    cvss: { score: 0, vectorString: null },
  };
  return ({ method }, response) => {
    response.setHeader('content-type', 'application/json');
    if (method !== 'POST') response.statusCode = 404;
    response.end(JSON.stringify(method === 'POST' ? { [name]: [advisory] } : {}));
  };
}

describe('the check of advisories', function () {
  this.timeout(60_000);

  it('fails for a high advisory of a package that production has, and names it', async () => {
    const { status, output } = await check(withAdvisory('cookie', 'high'));
    assert.equal(status, 1, output);
    assert.match(output, /cookie \(high\): It can be made to stand still/);
  });

  it('passes where advisories are moderate, or of packages for development only', async () => {
    for (const registry of [withAdvisory('cookie', 'moderate'), withAdvisory('mocha', 'critical')]) {
      const { status, output } = await check(registry);
      assert.equal(status, 0, output);
      assert.match(output, /^0 packages/);
    }
  });

  it('passes, and says so, where the registry has no advisories to ask for', async () => {
    for (const refusal of [405, 404, 500]) {
      const { status, output } = await check((_request, response) => {
        response.writeHead(refusal, { 'content-type': 'application/json' }).end('{}');
      });
      assert.equal(status, 0, output);
      assert.match(output, /^Advisories were not checked: \d{3} /);
      assert.doesNotMatch(output, /127\.0\.0\.1/);
    }
  });
});
