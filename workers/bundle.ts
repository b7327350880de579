import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleWorkflowCode } from '@temporalio/worker';
import { failureConverterPath } from '#runtime/engine/data-converter.js';
import { projectRoot } from '#runtime/project-root.js';

const compiled = join(projectRoot, 'dist');
const bundlePath = join(compiled, 'workflow-bundle.js');
const hashPath = join(compiled, 'workflow-bundle.sha256');

/** Modules that all workflows of a process share, so that they are evaluated once and not for each workflow. */
const sharedModules = [
  join(compiled, 'workflows', 'stack-traces.js'),
  join(compiled, 'core', 'expression', 'evaluate.js'),
];

/** Path of the workflows' bundle; builds it first if their code has changed since. */
export async function workflowBundle(): Promise<string> {
  const hash = await hashOfSources();
  const built = existsSync(hashPath) && existsSync(bundlePath) ? await readFile(hashPath, 'utf8') : '';
  if (built === hash) return bundlePath;
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(compiled, 'workflows', 'index.js'),
    failureConverterPath,
    logger: silent,
    preloadModules: sharedModules,
  });
  await mkdir(compiled, { recursive: true });
  await writeFile(bundlePath, code);
  await writeFile(hashPath, hash);
  return bundlePath;
}

/** Everything that the bundle may hold: workflows, core, the failure converter, and the versions of packages. */
async function hashOfSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const folder of ['workflows', 'core']) {
    const names = await readdir(join(compiled, folder), { recursive: true });
    for (const name of names.filter((entry) => entry.endsWith('.js') && !entry.endsWith('.test.js')).sort()) {
      hash.update(name).update(await readFile(join(compiled, folder, name)));
    }
  }
  hash.update(await readFile(failureConverterPath));
  hash.update(await readFile(join(projectRoot, 'package-lock.json')));
  return hash.digest('hex');
}

const nothing = () => {};
const silent = {
  log: nothing,
  trace: nothing,
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: console.error,
};
