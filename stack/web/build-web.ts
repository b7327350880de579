import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { projectRoot } from '#runtime/project-root.js';

const target = join(projectRoot, 'dist', 'web');
const marker = join(target, '.sources');
/** What the built app depends on. */
const sources = ['web', 'core', 'package-lock.json', 'stack/web/vite-config.ts'];
/** Bytes below which packing a file is not worth a second one. */
const smallest = 1_024;

await main();

/** Builds the web app into dist/web, unless what is there was made of the same sources. */
async function main(): Promise<void> {
  const hash = hashOfSources();
  if (existsSync(marker) && readFileSync(marker, 'utf8') === hash) return;
  // Only here, for loading the bundler takes longer than seeing that it is not needed.
  const [{ build }, { viteConfig }] = await Promise.all([import('vite'), import('./vite-config.js')]);
  const config = viteConfig();
  await build({ ...config, logLevel: 'warn' });
  const made = `${target}.new`;
  await packFiles(made);
  writeFileSync(join(made, '.sources'), hash);
  rmSync(target, { recursive: true, force: true });
  renameSync(made, target);
}

function hashOfSources(): string {
  const hash = createHash('sha256');
  for (const path of sources.flatMap(filesOf))
    hash.update(path).update(readFileSync(join(projectRoot, path)));
  return hash.digest('hex');
}

function filesOf(path: string): string[] {
  const whole = join(projectRoot, path);
  if (!existsSync(whole)) return [];
  if (path.includes('.')) return [path];
  return readdirSync(whole, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !isLeftOut(entry.parentPath, entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(projectRoot.length + 1))
    .sort();
}

/** Types are made of the API and change nothing in what runs. */
function isLeftOut(folder: string, name: string): boolean {
  return folder.includes('node_modules') || name.endsWith('.d.ts') || name.endsWith('.test.ts');
}

async function packFiles(folder: string): Promise<void> {
  const names = readdirSync(join(folder, 'static'), { encoding: 'utf8' }).filter((name) =>
    /\.(js|css|svg|json)$/.test(name),
  );
  await Promise.all(names.map((name) => packFile(join(folder, 'static', name))));
}

async function packFile(path: string): Promise<void> {
  const content = readFileSync(path);
  if (content.length < smallest) return;
  const [brotli, gzipped] = await Promise.all([
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
    promisify(gzip)(content, { level: 9 }),
  ]);
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzipped);
}
