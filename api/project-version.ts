import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '#runtime/project-root.js';

/** The version in package.json. */
export function projectVersion(): string {
  const content: unknown = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  const hasVersion = typeof content === 'object' && content !== null && 'version' in content;
  return hasVersion && typeof content.version === 'string' ? content.version : '0.0.0';
}
