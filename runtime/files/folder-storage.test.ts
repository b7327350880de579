import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { temporaryFolder } from '#stack/temporary-folder.js';
import { createFolderStorage } from './folder-storage.js';
import type { ObjectStorage } from './object-storage.js';
import { removeAbandoned } from './remove-abandoned.js';

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

  it('can be put from a file, read piece by piece, listed and deleted', async () => {
    const storage = createFolderStorage(folder.path);
    const source = join(folder.path, 'source');
    await writeFile(source, 'archive');
    await storage.putFile('org-8/exports/a/archive.zip', source, 'application/zip');
    await storage.put('org-8/b', Buffer.from('b'), 'text/plain');
    await storage.put('org-88/c', Buffer.from('c'), 'text/plain');
    const stream = await storage.getStream('org-8/exports/a/archive.zip');
    assert.equal(stream && (await text(stream)), 'archive');
    assert.equal(await storage.getStream('org-8/nothing'), undefined);
    const { mode } = await stat(join(folder.path, 'org-8', 'exports', 'a', 'archive.zip'));
    assert.equal(mode & 0o077, 0);
    assert.deepEqual(await keysBelow(storage, 'org-8'), ['org-8/b', 'org-8/exports/a/archive.zip']);
    assert.deepEqual(await keysBelow(storage, 'org-9'), []);
    for (const key of ['org-8/b', 'org-8/b']) await storage.remove(key);
    assert.deepEqual(await keysBelow(storage, 'org-8'), ['org-8/exports/a/archive.zip']);
  });
});

describe('files whose write was cut off', () => {
  let folder: { path: string; remove(): void };
  before(() => {
    folder = temporaryFolder();
  });
  after(() => folder.remove());

  it('are no objects, and go when nothing has changed for a while', async () => {
    const storage = createFolderStorage(folder.path);
    await storage.put('org-1/a', Buffer.from('whole'), 'text/plain');
    const left = ['old', 'new'].map((name) => `org-1/${name}.${randomUUID()}`);
    for (const key of left) await writeFile(join(folder.path, key), 'half');
    const [old = '', young = ''] = left;
    const hourAgo = new Date(Date.now() - 3_600_000);
    await utimes(join(folder.path, old), hourAgo, hourAgo);
    assert.deepEqual(await keysBelow(storage, 'org-1'), ['org-1/a']);
    const unfinished = [];
    for await (const { key } of storage.listUnfinished('org-1')) unfinished.push(key);
    assert.deepEqual(unfinished.sort(), [...left].sort());
    assert.equal(await removeAbandoned(storage, 'org-2'), 0);
    assert.equal(await removeAbandoned(storage, 'org-1'), 1);
    assert.equal(await storage.get(old), undefined);
    assert.ok(await storage.get(young));
    assert.ok(await storage.get('org-1/a'));
  });
});

async function keysBelow(storage: ObjectStorage, below: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of storage.list(below)) keys.push(key);
  return keys.sort();
}
