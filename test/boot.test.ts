import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { projectRoot } from '#runtime/project-root.js';
import { loadSecrets } from '#stack/secrets.js';
import { temporaryFolder } from '#stack/temporary-folder.js';

interface Exit {
  code: number | string | null | undefined;
  output: string;
  errors: string;
}

function run(program: string, environment: Record<string, string>): Promise<Exit> {
  return new Promise((resolve) => {
    const path = join(projectRoot, 'dist', program);
    const options = { env: { PATH: process.env.PATH, ...environment }, timeout: 30_000 };
    execFile(process.execPath, [path], options, (error, output, errors) => {
      resolve({ code: error ? error.code : 0, output, errors });
    });
  });
}

describe('a production with the settings of a development', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());

  for (const program of ['api/main.js', 'workers/main.js']) {
    it(`does not start ${program}, which names all faults at once and no secret`, async () => {
      const { encryptionKeys, accessTokenKey } = loadSecrets(folder.path);
      const password = randomBytes(3).toString('hex');
      const { code, output, errors } = await run(program, {
        NODE_ENV: 'production',
        DATABASE_URL: `postgres://worksynapse_app:${password}@127.0.0.1:1/none`,
        DATABASE_OWNER_URL: 'postgres://worksynapse_app:postgres@127.0.0.1:1/none',
        PUBLIC_URL: 'http://127.0.0.1:3000',
        ENCRYPTION_KEYS: encryptionKeys,
        ACCESS_TOKEN_KEY: accessTokenKey,
        OUTGOING_ALLOW_LOOPBACK: 'true',
        METRICS_PUBLIC: 'true',
      });
      assert.deepEqual([code, output], [78, '']);
      assert.match(errors, /^The (API|worker) could not start\. Not safe for production\. /);
      assert.equal(errors.split('\n').length, 2);
      for (const sentence of [
        'OUTGOING_ALLOW_LOOPBACK must not be true.',
        'REDIS_URL is required.',
        'PUBLIC_URL must be https',
        'TRUST_PROXY must be stated',
        'METRICS_PUBLIC must not be true',
        'ENCRYPTION_KEYS: key 1 is one that npm start made for development.',
        'ACCESS_TOKEN_KEY is one that npm start made for development.',
        'The password in DATABASE_URL is shorter',
        'The password in DATABASE_OWNER_URL is an example',
        'DATABASE_URL must log in as another role',
      ]) {
        assert.ok(errors.includes(sentence), sentence);
      }
      const keys = [encryptionKeys.slice('development:'.length), JSON.parse(accessTokenKey).d];
      for (const secret of [password, ...keys]) assert.ok(!errors.includes(secret));
    });
  }
});
