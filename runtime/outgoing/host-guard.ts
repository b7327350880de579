import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { AppError } from '#core/errors.js';
import { isPermittedAddress } from './address-rules.js';
import { canonicalHost, readTrustedHosts } from './trusted-hosts.js';

export interface HostAddress {
  address: string;
  family: 4 | 6;
}

/** Every address of a host name. Rejects when the name cannot be resolved. */
export type ResolveName = (host: string) => Promise<readonly { address: string; family: number }[]>;

export interface HostGuard {
  /** Throws `validation` for a literal IP address that must not be reached; a name is checked when it is resolved. */
  checkLiteral(host: string): void;
  /**
   * The permitted addresses of a host, at least one. Throws `validation` when it has none, `provider_unavailable`
   * when the name cannot be resolved. Connect to what comes back, never to the name: it may resolve differently.
   */
  addressesOf(host: string): Promise<[HostAddress, ...HostAddress[]]>;
}

export interface HostGuardOptions {
  allowLoopback: boolean;
  /** Hosts of private networks that the operator trusts: names, addresses, ranges (trusted-hosts.ts). */
  allowedHosts: readonly string[];
  resolveName?: ResolveName;
}

/** Decides which hosts may be reached. Throws an Error for an entry of `allowedHosts` that cannot be read. */
export function createHostGuard(options: HostGuardOptions): HostGuard {
  const { allowLoopback, resolveName = resolveWithSystem } = options;
  const trusted = readTrustedHosts(options.allowedHosts);
  const isPermitted = (host: string, address: string) =>
    isPermittedAddress(address, { allowLoopback, allowPrivate: trusted.includes(host, address) });

  function checkLiteral(given: string): void {
    const host = canonicalHost(given);
    if (isIP(host) !== 0 && !isPermitted(host, host)) throw refused(host);
  }

  async function addressesOf(given: string): Promise<[HostAddress, ...HostAddress[]]> {
    const host = canonicalHost(given);
    checkLiteral(host);
    const found = isIP(host) === 0 ? await resolveHostName(host, resolveName) : [{ address: host }];
    const [first, ...others] = found.filter(({ address }) => isPermitted(host, address)).map(toHostAddress);
    if (!first) throw refused(host);
    return [first, ...others];
  }

  return { checkLiteral, addressesOf };
}

async function resolveHostName(
  host: string,
  resolveName: ResolveName,
): Promise<readonly { address: string }[]> {
  try {
    return await resolveName(host);
  } catch (cause) {
    throw new AppError('provider_unavailable', `The name ${host} could not be resolved.`, { cause });
  }
}

function resolveWithSystem(host: string): ReturnType<ResolveName> {
  return lookup(host, { all: true, verbatim: true });
}

function toHostAddress({ address }: { address: string }): HostAddress {
  return { address, family: isIP(address) === 6 ? 6 : 4 };
}

function refused(host: string): AppError {
  return new AppError('validation', `${host} is not on the public internet, so it must not be called.`);
}
