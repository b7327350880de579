import { Resolver } from 'node:dns/promises';
import { AppError } from '#core/errors.js';

/** The texts of a name's TXT records, each put together from its parts; none where there is no such name. */
export type ReadTxt = (name: string) => Promise<string[]>;

/** Milliseconds that one name server may take. */
const timeoutMs = 3_000;
const missing: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA']);

/**
 * Asks name servers, those of the system unless given (`address` or `address:port`), past any cache of ours; once, for
 * people ask again by themselves. Throws `provider_unavailable` where none answers.
 */
export function createTxtReader(servers: readonly string[] = []): ReadTxt {
  const resolver = new Resolver({ timeout: timeoutMs, tries: 1 });
  if (servers.length > 0) resolver.setServers([...servers]);
  return async (name) => {
    try {
      return (await resolver.resolveTxt(name)).map((parts) => parts.join(''));
    } catch (error) {
      if (error instanceof Error && 'code' in error && missing.has(String(error.code))) return [];
      throw new AppError('provider_unavailable', `The name servers did not answer for ${name}`, {
        cause: error,
      });
    }
  };
}
