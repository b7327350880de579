import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '#stack/temporary-folder.js';
import { ConfigurationError, readConfiguration } from '../configuration.js';
import { createAwsKms } from './aws-kms.js';
import { loadKeys } from './load-keys.js';
import { startKmsServer } from './testing/kms-server.js';

const required = { DATABASE_URL: 'postgres://app@127.0.0.1/none', ACCESS_TOKEN_KEY: '{}' };
const newKey = () => randomBytes(32);
const read = (environment: Record<string, string>) => readConfiguration({ ...required, ...environment });

describe('encryption keys', () => {
  it('are those of the environment', async () => {
    const key = newKey();
    const keys = await loadKeys(read({ ENCRYPTION_KEYS: `k1:${key.toString('base64')}` }));
    assert.deepEqual(keys, [{ id: 'k1', key }]);
  });

  it('have to be given, at one place', () => {
    assert.throws(() => read({}), /ENCRYPTION_KEYS: /);
    const both = { ENCRYPTION_KEYS: 'k1:x', ENCRYPTION_KEYS_FILE: '/nowhere' };
    assert.throws(() => read(both), /ENCRYPTION_KEYS_FILE: must not be set beside ENCRYPTION_KEYS/);
  });

  describe('in a file', () => {
    const folder = temporaryFolder();
    const file = join(folder.path, 'keys');
    const [one, two] = [newKey(), newKey()];
    const entries = [`new:${one.toString('base64')}`, `old:${two.toString('base64')}`];
    const write = (text: string, mode = 0o600) => {
      writeFileSync(file, text);
      chmodSync(file, mode);
    };
    after(() => folder.remove());

    for (const text of [`${entries.join('\n')}\n`, entries.join(', '), `${entries.join(',\n')},\n`]) {
      it(`are read from ${JSON.stringify(text.replaceAll(/:[^,\n]+/g, ':…'))}`, async () => {
        write(text);
        const keys = await loadKeys(read({ ENCRYPTION_KEYS_FILE: file }));
        assert.deepEqual(keys, [
          { id: 'new', key: one },
          { id: 'old', key: two },
        ]);
      });
    }

    for (const mode of [0o644, 0o604, 0o444]) {
      it(`are refused where everybody can read them (${mode.toString(8)})`, () => {
        write(entries.join(), mode);
        assert.throws(
          () => read({ ENCRYPTION_KEYS_FILE: file }),
          /ENCRYPTION_KEYS_FILE: can be read by everybody/,
        );
      });
    }

    it('are refused where there is no file, or one with something else, which is not shown', () => {
      const path = join(folder.path, 'none');
      assert.throws(() => read({ ENCRYPTION_KEYS_FILE: path }), /ENCRYPTION_KEYS_FILE: is not there/);
      assert.throws(() => read({ ENCRYPTION_KEYS_FILE: folder.path }), /ENCRYPTION_KEYS_FILE: is not there/);
      write('hunter2');
      assert.throws(
        () => read({ ENCRYPTION_KEYS_FILE: file }),
        (error: unknown) => error instanceof ConfigurationError && !error.message.includes('hunter2'),
      );
    });
  });

  describe('that a KMS has wrapped', () => {
    let kms: Awaited<ReturnType<typeof startKmsServer>>;
    const credentials = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const before_ = Object.keys(credentials).map((name) => [name, process.env[name]] as const);
    before(async () => {
      kms = await startKmsServer('alias/worksynapse');
      Object.assign(process.env, credentials);
    });
    after(async () => {
      for (const [name, value] of before_) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
      await kms.close();
    });
    const settings = (ENCRYPTION_KEYS: string, keyId = 'alias/worksynapse') =>
      read({ ENCRYPTION_KEYS, ENCRYPTION_KMS_KEY: keyId, ENCRYPTION_KMS_ENDPOINT: kms.url });
    const wrap = async (name: string, key: Buffer) => {
      const wrapper = createAwsKms({ keyId: 'alias/worksynapse', region: 'us-east-1', endpoint: kms.url });
      return (await wrapper.wrap(name, key)).toString('base64');
    };

    it('are unwrapped at the start', async () => {
      const key = newKey();
      const wrapped = await wrap('k1', key);
      assert.ok(!wrapped.includes(key.toString('base64').slice(0, 20)));
      assert.deepEqual(await loadKeys(settings(`k1:${wrapped}`)), [{ id: 'k1', key }]);
      assert.deepEqual(kms.calls.slice(-2), ['TrentService.Encrypt', 'TrentService.Decrypt']);
    });

    it('are refused under another name, by another key, or when they are weak', async () => {
      const wrapped = await wrap('k1', newKey());
      await assert.rejects(loadKeys(settings(`k2:${wrapped}`)), /the KMS did not unwrap the key k2/);
      await assert.rejects(loadKeys(settings(`k1:${wrapped}`, 'alias/other')), /did not unwrap the key k1/);
      const weak = await wrap('k1', Buffer.alloc(32));
      await assert.rejects(loadKeys(settings(`k1:${weak}`)), /the key k1 repeats itself/);
      const short = await wrap('k1', randomBytes(16));
      await assert.rejects(loadKeys(settings(`k1:${short}`)), /the key k1 is not 32 bytes long/);
    });
  });
});
