import assert from 'node:assert/strict';
import { assertRefused } from '../builders/assert-refused.js';
import { buildOrganization } from '../builders/build-organization.js';
import { type TestSystem, testSystem } from '../system.js';

describe('files', () => {
  let system: TestSystem;
  before(async () => {
    system = await testSystem();
  });

  it('of another organization are not found, whoever knows their hash', async () => {
    const { files } = system.app.services;
    const [own, other] = await Promise.all([buildOrganization(system.app), buildOrganization(system.app)]);
    const { sha256 } = await files(other.orgId).put(Buffer.from('secret plans'), 'text/plain');
    await assertRefused(files(own.orgId).get(sha256), 'not_found');
    await assertRefused(files(own.orgId).get(`../${other.orgId}/${sha256}`), 'not_found');
    assert.equal(Buffer.from(await files(other.orgId).get(sha256)).toString(), 'secret plans');
  });

  it('with the same content are kept for each organization', async () => {
    const { files } = system.app.services;
    const [own, other] = await Promise.all([buildOrganization(system.app), buildOrganization(system.app)]);
    const content = Buffer.from('a common text');
    const [first, second] = await Promise.all([
      files(own.orgId).put(content, 'text/plain'),
      files(other.orgId).put(content, 'text/html'),
    ]);
    assert.equal(first.sha256, second.sha256);
    assert.deepEqual(Buffer.from(await files(own.orgId).get(first.sha256)), content);
    assert.deepEqual([first.contentType, second.contentType], ['text/plain', 'text/html']);
  });
});
