import { createHash } from 'node:crypto';
import { invalidField } from '#core/errors.js';
import type { Services } from '#runtime/services.js';

const timeoutMs = 1_000;

/**
 * Refuses a password that is known to have been stolen somewhere: `validation` naming the field. Only the first five
 * characters of its SHA-1 leave (https://haveibeenpwned.com/API/v3#PwnedPasswords), and the answer is padded. A list
 * that can't be reached within a second refuses nothing.
 */
export async function refuseBreached(
  services: Pick<Services, 'configuration' | 'outgoing' | 'logger'>,
  path: string,
  password: string,
): Promise<void> {
  const address = services.configuration.BREACHED_PASSWORDS_URL;
  if (address === 'off') return;
  const hash = createHash('sha1').update(password.normalize('NFKC')).digest('hex').toUpperCase();
  const listed = await suffixesOf(services, `${address.replace(/\/$/, '')}/range/${hash.slice(0, 5)}`);
  if (!listed.has(hash.slice(5))) return;
  throw invalidField({ path, message: 'is on lists of stolen passwords; choose another one' });
}

/** The rest of each hash that begins so, without padding, which counts zero. */
async function suffixesOf(
  { outgoing, logger }: Pick<Services, 'outgoing' | 'logger'>,
  url: string,
): Promise<ReadonlySet<string>> {
  try {
    const response = await outgoing.fetch(url, {
      headers: { 'Add-Padding': 'true', 'User-Agent': 'WorkSynapse' },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (!response.ok) throw new Error(`answered ${response.status}`);
    const lines = (await response.text()).split('\n').map((line) => line.trim().split(':'));
    return new Set(
      lines.flatMap(([suffix = '', count]) => (Number(count) > 0 ? [suffix.toUpperCase()] : [])),
    );
  } catch (error) {
    logger.warn({ reason: String(error) }, 'The list of stolen passwords did not answer');
    return new Set();
  }
}
