import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { temporaryFolder } from '#stack/temporary-folder.js';
import { openPlaces, placeText } from './places.js';

describe('places', () => {
  const lines: string[] = [];
  const logger = pino({}, { write: (line: string) => void lines.push(line) });
  const folder = temporaryFolder();
  after(folder.remove);
  beforeEach(() => {
    lines.length = 0;
  });

  it('are countries of public addresses, in either form', async () => {
    const { placeOf } = await openPlaces(undefined, logger);
    assert.deepEqual(placeOf('8.8.8.8'), { country: 'US', city: null });
    assert.deepEqual(placeOf('::ffff:193.0.6.139'), { country: 'NL', city: null });
    assert.equal(placeOf('2001:4860:4860::8888')?.country, 'US');
    assert.deepEqual(lines, []);
  });

  it('are not known of addresses that are not public, nor of what is none', async () => {
    const { placeOf } = await openPlaces(undefined, logger);
    for (const ip of ['10.1.2.3', '192.168.0.1', '127.0.0.1', '::1', 'fd00::1', '100.64.0.1', 'no', null]) {
      assert.equal(placeOf(ip), null, String(ip));
    }
  });

  it('are unknown where the file is missing or none, which is logged once', async () => {
    const broken = join(folder.path, 'broken.mmdb');
    await writeFile(broken, 'no database');
    for (const file of ['/nowhere/places.mmdb', broken]) {
      lines.length = 0;
      const { placeOf } = await openPlaces(file, logger);
      assert.equal(placeOf('8.8.8.8'), null);
      assert.equal(placeOf('8.8.4.4'), null);
      assert.equal(lines.length, 1, file);
      assert.match(lines[0] ?? '', /GEOIP_DATABASE/);
    }
    lines.length = 0;
    assert.equal((await openPlaces('off', logger)).placeOf('8.8.8.8'), null);
    assert.deepEqual(lines, []);
  });

  it('are told in words', () => {
    assert.equal(placeText({ country: 'DE', city: 'Berlin' }), 'Berlin, Germany');
    assert.equal(placeText({ country: 'NL', city: null }), 'Netherlands');
    assert.equal(placeText(null), 'unknown');
  });
});
