import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#runtime/project-root.js';

describe('projectRoot', () => {
  it('is the folder that holds package.json', () => {
    assert.ok(existsSync(join(projectRoot, 'package.json')));
  });
});
