// Runs before `npm start` and `npm test`, on a fresh clone too: plain JavaScript without dependencies.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const oldestNode = [20, 19];
/** The released Chroma binding carries debug symbols: 437 MB, 46 MB without them. */
const bindingWithSymbolsBytes = 200 * 1024 * 1024;

requireNode();
installPackages();
stripChromaBinding();
runStep('Compiling', process.execPath, [join('node_modules', 'typescript', 'bin', 'tsc'), '-p', '.']);
buildWorkflowBundle();
buildWeb();

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return;
  fail(`WorkSynapse needs Node ${oldestNode.join('.')} or newer; this is ${process.versions.node}.`);
}

function installPackages() {
  const wanted = packagesIn('package-lock.json');
  const installed = packagesIn(join('node_modules', '.package-lock.json'));
  const isInstalled = Object.entries(wanted).every(([path, { version, optional }]) =>
    installed[path] ? installed[path].version === version : path === '' || optional,
  );
  if (isInstalled) return;
  // Not `npm ci`: that refuses a lock file without the optional packages of every other platform.
  const flags = ['--no-save', '--no-audit', '--no-fund'];
  runStep('Installing packages (about a minute, once)', 'npm', ['install', ...flags]);
}

function packagesIn(lockFile) {
  const file = join(project, lockFile);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).packages : {};
}

function stripChromaBinding() {
  const modules = join(project, 'node_modules');
  for (const name of readdirSync(modules).filter((folder) => folder.startsWith('chromadb-js-bindings-'))) {
    for (const file of readdirSync(join(modules, name)).filter((entry) => entry.endsWith('.node'))) {
      const path = join(modules, name, file);
      const before = statSync(path).size;
      if (before < bindingWithSymbolsBytes) continue;
      // Harmless when it fails: the file works with its symbols, it is only large. A running Chroma keeps the old one.
      if (spawnSync('strip', ['-o', `${path}.stripped`, path]).status !== 0) continue;
      renameSync(`${path}.stripped`, path);
      console.log(`Chroma: debug symbols removed (${megabytes(before)} → ${megabytes(statSync(path).size)})`);
    }
  }
}

function buildWorkflowBundle() {
  const program = join('dist', 'workers', 'build-bundle.js');
  if (existsSync(join(project, program))) runStep('Bundling workflows', process.execPath, [program]);
}

function buildWeb() {
  const program = join('dist', 'stack', 'web', 'build-web.js');
  if (existsSync(join(project, program))) runStep('Building the web app', process.execPath, [program]);
}

function runStep(title, command, args) {
  const began = performance.now();
  process.stdout.write(`${title} … `);
  const { status, error, stdout, stderr } = spawnSync(command, args, { cwd: project, encoding: 'utf8' });
  if (status !== 0) {
    console.log('failed');
    fail(`${stdout ?? ''}${stderr ?? ''}${error ? error.message : ''}`.trim());
  }
  console.log(`${((performance.now() - began) / 1000).toFixed(1)} s`);
}

function megabytes(bytes) {
  return `${Math.round(bytes / 1024 / 1024)} MB`;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
