import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** The hosts of private networks that the operator opens. */
export interface TrustedHosts {
  /** True when the operator named this host, or this address or a range that holds it. */
  includes(host: string, address: string): boolean;
  /** True when an entry is, or holds, an address of this machine. */
  includesLoopback: boolean;
}

type Range = [ipaddr.IPv4 | ipaddr.IPv6, number];

const hostName = /^(?!.*\.\.)[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?$/;

/**
 * Reads an operator's list of names (`ollama.internal`), addresses (`10.1.2.3`) and ranges (`10.1.0.0/16`). A name is
 * meant exactly, not its subdomains; an address is open under whatever name it is reached.
 * Throws an Error that names the entry which is none of these.
 */
export function readTrustedHosts(entries: readonly string[]): TrustedHosts {
  const names = new Set<string>();
  const ranges: Range[] = [];
  for (const entry of entries.map(canonicalHost)) {
    if (ipaddr.isValidCIDR(entry)) ranges.push(ipaddr.parseCIDR(entry));
    else if (isIP(entry) !== 0) ranges.push(ipaddr.parseCIDR(`${entry}/${isIP(entry) === 4 ? 32 : 128}`));
    else if (hostName.test(entry) && !endsInNumber(entry)) names.add(entry);
    else throw new Error(`${entry} is not a host name, an address or a range`);
  }
  return {
    includes: (host, address) =>
      names.has(canonicalHost(host)) || ranges.some((range) => isWithin(range, address)),
    includesLoopback: [...names].some(isLoopbackName) || ranges.some(holdsLoopback),
  };
}

function isWithin([network, bits]: Range, address: string): boolean {
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  return network.kind() === parsed.kind() && parsed.match(network, bits);
}

/** RFC 6761, 6.3. */
function isLoopbackName(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

function holdsLoopback(range: Range): boolean {
  return range[0].range() === 'loopback' || isWithin(range, '127.0.0.1') || isWithin(range, '::1');
}

/** A host as it is compared: lower case, without the brackets of an IPv6 address and the dot of the root. */
export function canonicalHost(host: string): string {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return bare.toLowerCase().replace(/\.$/, '');
}

/** The URL standard reads such a host as an IPv4 address, so it is no name. */
function endsInNumber(host: string): boolean {
  return /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/.test(host);
}
