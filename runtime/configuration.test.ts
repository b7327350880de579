import assert from 'node:assert/strict';
import { publicUrl, readConfiguration } from './configuration.js';

const required = {
  DATABASE_URL: 'postgres://app@127.0.0.1/none',
  ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
  ACCESS_TOKEN_KEY: '{}',
};
const read = (environment: Record<string, string> = {}) => readConfiguration({ ...required, ...environment });

describe('the configuration', () => {
  it('trusts no proxy and shows metrics to nobody else unless told', () => {
    const { TRUST_PROXY, METRICS_PUBLIC } = read();
    assert.deepEqual([TRUST_PROXY, METRICS_PUBLIC], [0, false]);
    assert.equal(read({ METRICS_PUBLIC: 'true' }).METRICS_PUBLIC, true);
  });

  const trusted: [string, number | string[]][] = [
    ['', 0],
    ['2', 2],
    ['10.0.0.1', ['10.0.0.1']],
    ['loopback, 10.0.0.0/8, fd00::/8', ['loopback', '10.0.0.0/8', 'fd00::/8']],
  ];
  for (const [text, expected] of trusted) {
    it(`takes "${text}" as the proxies to trust`, () => {
      assert.deepEqual(read({ TRUST_PROXY: text }).TRUST_PROXY, expected);
    });
  }

  for (const text of ['true', '-1', '10.0.0.0/64', 'proxy.example', '10.0.0.1,']) {
    it(`refuses "${text}" as the proxies to trust, naming the setting`, () => {
      assert.throws(() => read({ TRUST_PROXY: text }), /TRUST_PROXY: must be/);
    });
  }
});

describe('reading the configuration', () => {
  it('needs three settings and has defaults for the rest', () => {
    const configuration = readConfiguration(required);
    assert.equal(configuration.PORT, 3000);
    assert.equal(configuration.NODE_ENV, 'development');
    assert.equal(configuration.OUTGOING_ALLOW_LOOPBACK, false);
    assert.deepEqual(configuration.ENCRYPTION_KEYS, [{ id: 'k1', key: Buffer.alloc(32, 1) }]);
    assert.equal(publicUrl(configuration), 'http://127.0.0.1:3000');
    assert.equal(publicUrl(read({ PUBLIC_URL: 'https://work.example/' })), 'https://work.example');
  });

  it('takes an empty variable for an absent one', () => {
    assert.equal(read({ PORT: '', REDIS_URL: '' }).PORT, 3000);
  });

  it("reads the operator's allowed hosts, and refuses what is none", () => {
    assert.deepEqual(read().OUTGOING_ALLOWED_HOSTS, []);
    const text = 'ollama.internal, 10.1.2.3,10.20.0.0/16,';
    const expected = ['ollama.internal', '10.1.2.3', '10.20.0.0/16'];
    assert.deepEqual(read({ OUTGOING_ALLOWED_HOSTS: text }).OUTGOING_ALLOWED_HOSTS, expected);
    for (const wrong of ['http://a', '*.a', '10.0.0.0/40'])
      assert.throws(() => read({ OUTGOING_ALLOWED_HOSTS: wrong }), /OUTGOING_ALLOWED_HOSTS: must be/);
  });

  it('keeps the order of encryption keys', () => {
    const key = (fill: number) => Buffer.alloc(32, fill).toString('base64');
    const { ENCRYPTION_KEYS } = read({ ENCRYPTION_KEYS: `new:${key(2)},old:${key(1)}` });
    assert.deepEqual(
      ENCRYPTION_KEYS.map(({ id }) => id),
      ['new', 'old'],
    );
  });

  it('names every variable that is missing or wrong at once, and never a value', () => {
    const wrong = {
      NODE_ENV: 'hunter2-mode',
      PORT: 'hunter2',
      DATABASE_URL: 'hunter2 is no address',
      REDIS_URL: 'hunter2',
      ENCRYPTION_KEYS: 'hunter2:aHVudGVyMg==',
      OUTGOING_ALLOW_LOOPBACK: 'hunter2',
      DATABASE_POOL_SIZE: '0',
    };
    assert.throws(
      () => readConfiguration(wrong),
      (error: Error) => {
        for (const name of [...Object.keys(wrong), 'ACCESS_TOKEN_KEY'])
          assert.ok(error.message.includes(name), name);
        assert.doesNotMatch(error.message, /hunter2|aHVudGVy/);
        return true;
      },
    );
  });

  it('says of a variable that is missing or empty that it is missing', () => {
    assert.throws(
      () => readConfiguration({ ...required, DATABASE_URL: '', ENCRYPTION_KEYS: undefined }),
      /DATABASE_URL: is missing; ENCRYPTION_KEYS: is missing\. See/,
    );
  });

  it('refuses encryption keys that are too short, too long, nameless or not there', () => {
    const bytes = (length: number) => Buffer.alloc(length).toString('base64');
    for (const text of [
      `k:${bytes(31)}`,
      `k:${bytes(33)}`,
      bytes(32),
      `:${bytes(32)}`,
      `k:${bytes(32)},`,
      'k',
    ]) {
      assert.throws(() => read({ ENCRYPTION_KEYS: text }), /ENCRYPTION_KEYS: each entry/, text);
    }
  });

  it('takes a mail server and a sender, and nothing that is neither', () => {
    const MAIL_FROM = 'Acme <no-reply@acme.example>';
    assert.equal(read({ MAIL_URL: 'smtps://u:p@mail.example', MAIL_FROM }).MAIL_FROM, MAIL_FROM);
    assert.throws(() => read({ MAIL_URL: 'https://mail.example' }), /MAIL_URL/);
    for (const from of ['Acme', 'a@b.example, c@d.example', 'Acme <a@b.example> <c@d.example>']) {
      assert.throws(() => read({ MAIL_FROM: from }), /MAIL_FROM: must be an address/, from);
    }
  });

  const production = {
    NODE_ENV: 'production',
    REDIS_URL: 'redis://redis:6379',
    PUBLIC_URL: 'https://work.example',
  };

  it('takes a safe production', () => {
    assert.equal(read(production).NODE_ENV, 'production');
    read({ ...production, OUTGOING_ALLOWED_HOSTS: 'ollama.internal,10.0.0.0/8' });
  });

  const unsafe: [Record<string, string>, RegExp][] = [
    [{ OUTGOING_ALLOW_LOOPBACK: 'true' }, /OUTGOING_ALLOW_LOOPBACK must not be true/],
    [{ OUTGOING_ALLOWED_HOSTS: 'localhost' }, /OUTGOING_ALLOWED_HOSTS must not name loopback/],
    [{ OUTGOING_ALLOWED_HOSTS: 'a.internal, 127.0.0.0/8' }, /OUTGOING_ALLOWED_HOSTS must not name loopback/],
    [{ REDIS_URL: '' }, /REDIS_URL is required/],
    [{ PUBLIC_URL: '' }, /PUBLIC_URL is required/],
    [{ MAIL_URL: 'smtp://mail.example' }, /MAIL_URL needs MAIL_FROM/],
    [{ DEV_MAILBOX_FOLDER: '/mail' }, /DEV_MAILBOX_FOLDER must not be set/],
  ];
  for (const [changes, message] of unsafe) {
    it(`refuses production with ${Object.entries(changes).join()} as in development`, () => {
      assert.throws(() => read({ ...production, ...changes }), message);
    });
  }
});
