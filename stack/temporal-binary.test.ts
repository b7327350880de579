import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { findTemporalBinary, temporalVersion } from './temporal-binary.js';
import { temporaryFolder } from './temporary-folder.js';

describe('findTemporalBinary', () => {
  const folder = temporaryFolder();
  const asked: string[] = [];
  let vendor: Server;
  let downloadAddress: string;

  before(async () => {
    const source = join(folder.path, 'archive');
    mkdirSync(source);
    writeFileSync(join(source, 'temporal'), '#!/bin/sh\necho downloaded\n', { mode: 0o755 });
    execFileSync('tar', ['-czf', 'temporal.tar.gz', 'temporal'], { cwd: source });
    vendor = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end(readFileSync(join(source, 'temporal.tar.gz')));
    });
    await new Promise<void>((resolve) => vendor.listen(0, '127.0.0.1', resolve));
    const address = vendor.address();
    assert.ok(typeof address === 'object' && address !== null);
    downloadAddress = `http://127.0.0.1:${address.port}`;
  });
  after(() => {
    vendor.close();
    folder.remove();
  });

  function search(home: string, path: string, address: string) {
    const environment = { HOME: join(folder.path, home), PATH: path, GOROOT: join(folder.path, 'no-go') };
    const signal = new AbortController().signal;
    return findTemporalBinary({ environment, downloadAddress: address, log: () => {}, signal });
  }

  it('takes the program on PATH before any other', async () => {
    const bin = join(folder.path, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'temporal'), '');
    chmodSync(join(bin, 'temporal'), 0o755);
    assert.equal(await search('anybody', bin, downloadAddress), join(bin, 'temporal'));
    assert.deepEqual(asked, []);
  });

  it('downloads a missing program once and keeps it', async () => {
    const file = await search(
      'newcomer',
      process.env.PATH?.replaceAll('go/bin', 'nowhere') ?? '',
      downloadAddress,
    );
    assert.equal(execFileSync(file, { encoding: 'utf8' }), 'downloaded\n');
    assert.equal(asked.length, 1);
    assert.match(asked[0] ?? '', new RegExp(`^/cli/archive/${temporalVersion}\\?platform=`));
    assert.equal(await search('newcomer', '', downloadAddress), file);
    assert.equal(asked.length, 1);
  });

  it('names every way to get it when none works', async () => {
    await assert.rejects(search('offline', '', 'http://127.0.0.1:1'), {
      name: 'StartError',
      message:
        /^Temporal is missing .*Go is not installed.*on PATH.*install Go.*temporal\.download.*TEMPORAL_ADDRESS/,
    });
  });
});
