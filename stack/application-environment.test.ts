import assert from 'node:assert/strict';
import { applicationEnvironment } from './application-environment.js';

const stack = { otherPorts: [3000, 3005, 3006], environment: { DEV_MAILBOX_FOLDER: '/mailbox' } };

describe('the environment of API and worker', () => {
  it('sends mail of the platform to the development mailbox', () => {
    const { MAIL_URL, INBOUND_SMTP_PORT, DEV_MAILBOX_FOLDER } = applicationEnvironment(stack, {});
    assert.equal(MAIL_URL, `smtp://127.0.0.1:${INBOUND_SMTP_PORT}`);
    assert.equal(DEV_MAILBOX_FOLDER, '/mailbox');
  });

  it('sends it where it is told to', () => {
    const { MAIL_URL } = applicationEnvironment(stack, { MAIL_URL: 'smtps://mail.example.com' });
    assert.equal(MAIL_URL, 'smtps://mail.example.com');
  });

  it('sends none in production without an address to send it to', () => {
    const { MAIL_URL, DEV_MAILBOX_FOLDER } = applicationEnvironment(stack, { NODE_ENV: 'production' });
    assert.deepEqual([MAIL_URL, DEV_MAILBOX_FOLDER], [undefined, undefined]);
  });
});
