import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseHome, prepareHome } from './home-folder.js';
import { temporaryFolder } from './temporary-folder.js';
import { firstClosedFolder } from './traversable.js';

describe('the data folder', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());

  it('is made with its logs and left without traces of the check', () => {
    const home = join(folder.path, 'new', 'home');
    prepareHome(home);
    assert.ok(existsSync(join(home, 'logs')));
    assert.deepEqual(readdirSync(home), ['logs']);
  });

  it('is refused in one sentence when it cannot be written', () => {
    const file = join(folder.path, 'file');
    writeFileSync(file, '');
    assert.throws(() => prepareHome(join(file, 'home')), {
      name: 'StartError',
      message: `The data folder ${file}/home cannot be written (ENOTDIR); set WORKSYNAPSE_HOME to a folder that can.`,
    });
  });

  it('is .data in the project unless WORKSYNAPSE_HOME chooses another', () => {
    assert.equal(chooseHome(undefined, folder.path), join(folder.path, '.data'));
    assert.equal(chooseHome('/srv/worksynapse', folder.path), '/srv/worksynapse');
  });

  it('is known to be closed to other users when a folder above it is', () => {
    const closed = join(folder.path, 'closed');
    mkdirSync(join(closed, 'inside'), { recursive: true, mode: 0o700 });
    assert.equal(firstClosedFolder(join(closed, 'inside', 'not-made-yet')), closed);
    assert.equal(firstClosedFolder(folder.path), undefined);
  });
});
