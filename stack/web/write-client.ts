import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createOpenApiDocument } from '#api/openapi/document.js';
import { catalogue } from '#app.js';
import { projectRoot } from '#runtime/project-root.js';

const folder = join(projectRoot, 'web', 'client');
const target = join(folder, 'schema.d.ts');

/** Makes the web app's types of the API from the catalogue, unless those that are there were made of the same. */
const document = JSON.stringify(createOpenApiDocument(catalogue, '0'));
const firstLine = `// ${createHash('sha256').update(document).digest('hex')}\n`;
const isPresent = existsSync(target) && readFileSync(target, 'utf8').startsWith(firstLine);
if (!isPresent) writeTypes();

function writeTypes(): void {
  const workFolder = mkdtempSync(join(tmpdir(), 'worksynapse-client-'));
  try {
    const source = join(workFolder, 'openapi.json');
    writeFileSync(source, document);
    const program = join(folder, 'node_modules', 'openapi-typescript', 'bin', 'cli.js');
    const made = join(workFolder, 'schema.d.ts');
    const { status, stderr } = spawnSync(
      process.execPath,
      [program, source, '--output', made, '--default-non-nullable', 'false'],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`The types of the API could not be made: ${stderr}`);
    writeFileSync(`${target}.new`, firstLine + readFileSync(made, 'utf8'));
    renameSync(`${target}.new`, target);
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}
