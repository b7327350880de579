import { createHash } from 'node:crypto';
import { countTokens } from './count-tokens.js';
import type { CacheUsage } from './dialect.js';

const maxPrefixes = 1000;

/** Which beginnings of prompts came before. The first time one is written to the cache, then it is read. */
export class PromptCache {
  readonly #prefixes = new Set<string>();

  use(prefix: string): CacheUsage {
    if (prefix === '') return { cacheReadTokens: 0, cacheWriteTokens: 0 };
    const hash = createHash('sha256').update(prefix).digest('hex');
    const tokens = countTokens(prefix);
    if (this.#prefixes.has(hash)) return { cacheReadTokens: tokens, cacheWriteTokens: 0 };
    if (this.#prefixes.size >= maxPrefixes) this.#prefixes.clear();
    this.#prefixes.add(hash);
    return { cacheReadTokens: 0, cacheWriteTokens: tokens };
  }
}
