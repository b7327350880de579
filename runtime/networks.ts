import ipaddr from 'ipaddr.js';

/** An address, or a range of addresses in CIDR form. */
export const maxNetworkText = 49;

/**
 * An address or range in its canonical form: `10.1.2.3/8` gives `10.0.0.0/8`, an address its own range (`/32`, `/128`), and
 * IPv4 that is written as IPv6 the IPv4 that it stands for. Undefined for anything else.
 */
export function canonicalNetwork(text: string): string | undefined {
  const [address = '', bits, ...more] = text.trim().toLowerCase().split('/');
  if (more.length > 0 || !isWholeAddress(address)) return undefined;
  const given = ipaddr.parse(address);
  const length = given.kind() === 'ipv4' ? 32 : 128;
  if (bits !== undefined && !/^(0|[1-9]\d{0,2})$/.test(bits)) return undefined;
  const prefix = bits === undefined ? length : Number(bits);
  if (prefix > length) return undefined;
  if (given instanceof ipaddr.IPv4) {
    return `${ipaddr.IPv4.networkAddressFromCIDR(`${given}/${prefix}`)}/${prefix}`;
  }
  if (given.isIPv4MappedAddress()) {
    // A range that is wider than the mapped block would hold IPv6 as well.
    return prefix < 96 ? undefined : canonicalNetwork(`${given.toIPv4Address()}/${prefix - 96}`);
  }
  return `${ipaddr.IPv6.networkAddressFromCIDR(`${given}/${prefix}`)}/${prefix}`;
}

/** True for an address that lies in one of the networks; IPv4 counts as IPv4, also when it came as `::ffff:10.1.2.3`. */
export function isInNetworks(address: string | undefined, networks: readonly string[]): boolean {
  if (address === undefined || !ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return networks.some((network) => {
    const [range, bits] = ipaddr.parseCIDR(network);
    return range.kind() === parsed.kind() && parsed.match(range, bits);
  });
}

/** All four numbers of IPv4: `10.1` means another address to every program. No zone. */
function isWholeAddress(address: string): boolean {
  return (
    ipaddr.IPv4.isValidFourPartDecimal(address) ||
    (address.includes(':') && ipaddr.IPv6.isValid(address) && !address.includes('%'))
  );
}
