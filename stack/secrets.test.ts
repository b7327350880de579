import assert from 'node:assert/strict';
import { createPrivateKey } from 'node:crypto';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadSecrets } from './secrets.js';
import { temporaryFolder } from './temporary-folder.js';

describe('the secrets of a stack', () => {
  const folder = temporaryFolder();
  const file = join(folder.path, 'secrets.json');
  beforeEach(() => rmSync(file, { force: true }));
  after(() => folder.remove());

  it('are made once and kept in a file that only its owner reads', () => {
    const made = loadSecrets(folder.path);
    assert.deepEqual(loadSecrets(folder.path), made);
    assert.equal(statSync(file).mode & 0o777, 0o600);
  });

  it('have the form that API and worker expect', () => {
    const { encryptionKeys, accessTokenKey } = loadSecrets(folder.path);
    const [id, key] = encryptionKeys.split(':');
    assert.equal(id, 'development');
    assert.equal(Buffer.from(key ?? '', 'base64').length, 32);
    const jwk = JSON.parse(accessTokenKey);
    assert.equal(createPrivateKey({ key: jwk, format: 'jwk' }).asymmetricKeyType, 'ed25519');
    assert.match(jwk.kid, /^development-[0-9a-f-]{36}$/);
  });

  it('are not replaced by new ones when the file is damaged', () => {
    writeFileSync(file, '{"databasePassword":');
    assert.throws(() => loadSecrets(folder.path), { name: 'StartError', message: /is damaged; restore it/ });
  });

  it('are not made anew for a database that was made with others', () => {
    mkdirSync(join(folder.path, 'postgres'));
    assert.throws(() => loadSecrets(folder.path), {
      name: 'StartError',
      message: /is missing, yet .* holds a database/,
    });
    rmSync(join(folder.path, 'postgres'), { recursive: true });
  });
});
