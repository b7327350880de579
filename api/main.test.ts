import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { projectRoot } from '#runtime/project-root.js';

interface Exit {
  code: number | string | null | undefined;
  output: string;
  errors: string;
}

function runMain(environment: Record<string, string>): Promise<Exit> {
  return new Promise((resolve) => {
    const program = join(projectRoot, 'dist/api/main.js');
    execFile(process.execPath, [program], { env: environment, timeout: 30_000 }, (error, output, errors) => {
      resolve({ code: error ? error.code : 0, output, errors });
    });
  });
}

describe('the API program', () => {
  it('names in one sentence what is missing in its configuration, and ends with 78', async () => {
    const { code, output, errors } = await runMain({});
    assert.equal(code, 78);
    assert.equal(output, '');
    assert.match(errors, /^The API could not start\. .*DATABASE_URL.*ENCRYPTION_KEYS.*\n$/);
  });

  it('says that it cannot reach the database without telling its password', async () => {
    const { code, errors } = await runMain({
      DATABASE_URL: 'postgres://app:hunter2@127.0.0.1:1/none',
      ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
      ACCESS_TOKEN_KEY: JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })),
      LOG_LEVEL: 'silent',
    });
    assert.equal(code, 1);
    assert.match(errors, /^The API could not start\. .*ECONNREFUSED.*\n$/);
    assert.doesNotMatch(errors, /hunter2/);
  });
});
