import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Which addresses outside the public internet a call may reach. */
export interface AddressRules {
  /** 127.0.0.0/8 and ::1. */
  allowLoopback: boolean;
  /** Private networks (RFC 1918, RFC 6598, RFC 4193) and loopback, for a host that the operator named. */
  allowPrivate: boolean;
}

/** Ranges of an organization's own network, as ipaddr.js names them. */
const privateRanges = new Set(['private', 'uniqueLocal', 'carrierGradeNat', 'loopback']);

/**
 * Where cloud platforms answer a machine about itself, outside the link-local ranges: Azure's wire server, and the
 * metadata services of Alibaba (in the range of carrier-grade NAT), AWS and Google (unique local). Never permitted.
 */
const platformAddresses = new Set(
  ['168.63.129.16', '100.100.100.200', 'fd00:ec2::254', 'fd20:ce::254'].map(normalizedAddress),
);

const globalUnicastIpv6 = ipaddr.parseCIDR('2000::/3');

/**
 * True when a connection to this IP address is permitted: a public unicast address, or one that the rules add.
 * IPv6 forms that carry an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo, ISATAP) are never permitted, since
 * they are another way to write an address that is refused. Ranges: IANA special-purpose address registries.
 */
export function isPermittedAddress(address: string, rules: AddressRules): boolean {
  if (isIP(address) === 0 || platformAddresses.has(normalizedAddress(address))) return false;
  const parsed = ipaddr.parse(address);
  const range = parsed.range();
  if (range === 'loopback') return rules.allowLoopback || rules.allowPrivate;
  if (rules.allowPrivate && privateRanges.has(range)) return true;
  if (range !== 'unicast') return false;
  return !(parsed instanceof ipaddr.IPv6) || (parsed.match(globalUnicastIpv6) && !isIsatap(parsed));
}

/** RFC 5214, 6.1: the interface identifier is 0000:5efe or 0200:5efe and an IPv4 address. */
function isIsatap({ parts }: ipaddr.IPv6): boolean {
  return ((parts[4] ?? 0) & 0xfdff) === 0 && parts[5] === 0x5efe;
}

function normalizedAddress(address: string): string {
  return ipaddr.parse(address).toNormalizedString();
}
