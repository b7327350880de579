import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '#stack/temporary-folder.js';
import { createFolderStorage } from './folder-storage.js';

describe('files in a folder', () => {
  let folder: { path: string; remove(): void };
  before(() => {
    folder = temporaryFolder();
  });
  after(() => folder.remove());

  it('come back as they were put', async () => {
    const storage = createFolderStorage(join(folder.path, 'not', 'there', 'yet'));
    for (const content of [randomBytes(100_000), Buffer.alloc(0)]) {
      const key = `org-1/${createHash('sha256').update(content).digest('hex')}`;
      await storage.put(key, content, 'application/octet-stream');
      assert.deepEqual(Buffer.from((await storage.get(key)) ?? 'none'), content);
    }
  });

  it('are gone when they are removed, and removing them again is no error', async () => {
    const storage = createFolderStorage(folder.path);
    await storage.put('org-1/old', Buffer.from('old'), 'text/plain');
    await storage.remove('org-1/old');
    assert.equal(await storage.get('org-1/old'), undefined);
    await storage.remove('org-1/old');
  });

  it('are not there until they are put', async () => {
    const storage = createFolderStorage(folder.path);
    assert.equal(await storage.get('org-1/nothing'), undefined);
    assert.equal(await storage.get('org-2/nothing'), undefined);
  });

  it('belong to one organization', async () => {
    const storage = createFolderStorage(folder.path);
    await storage.put('org-3/a', Buffer.from('3'), 'text/plain');
    assert.equal(await storage.get('org-4/a'), undefined);
  });

  it('may be put again, at the same time as well, and leave nothing else behind', async () => {
    const storage = createFolderStorage(folder.path);
    const content = randomBytes(200_000);
    await Promise.all(Array.from({ length: 8 }, () => storage.put('org-5/a', content, 'text/plain')));
    assert.deepEqual(Buffer.from((await storage.get('org-5/a')) ?? 'none'), content);
    assert.deepEqual(await readdir(join(folder.path, 'org-5')), ['a']);
  });

  it('are gone when they are removed, which may be done again', async () => {
    const storage = createFolderStorage(folder.path);
    await storage.put('org-8/a', Buffer.from('x'), 'text/plain');
    await storage.put('org-8/b', Buffer.from('x'), 'text/plain');
    await storage.remove('org-8/a');
    await storage.remove('org-8/a');
    assert.equal(await storage.get('org-8/a'), undefined);
    assert.ok(await storage.get('org-8/b'));
  });

  it('can be read by nobody else on the machine', async () => {
    const storage = createFolderStorage(folder.path);
    await storage.put('org-6/a', Buffer.from('secret'), 'text/plain');
    const { mode } = await stat(join(folder.path, 'org-6', 'a'));
    assert.equal(mode & 0o077, 0);
  });

  it('that can not be read are an error and not missing', async () => {
    const storage = createFolderStorage(folder.path);
    await storage.put('org-7/a/b', Buffer.from('x'), 'text/plain');
    await assert.rejects(storage.get('org-7/a'), { code: 'EISDIR' });
  });
});
