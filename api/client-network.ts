import type { Request } from 'express';
import ipaddr from 'ipaddr.js';
import type { RequestOrigin } from '#runtime/request-origin.js';

const maxUserAgent = 500;

/** Where a request came from. `ip` is that of the client, as far as proxies in front are believed. */
export function originOf(request: Request): RequestOrigin {
  const { ip } = request;
  return {
    ip: ip === undefined || !ipaddr.isValid(ip) ? null : ipaddr.process(ip).toString(),
    network: clientNetwork(ip),
    userAgent: request.get('user-agent')?.slice(0, maxUserAgent) ?? null,
  };
}

/**
 * The network that a client address stands for in rate limits: an IPv4 address itself, an IPv6 address by its /64,
 * which is what one subscriber gets.
 */
export function clientNetwork(address: string | undefined): string {
  if (address === undefined || !ipaddr.isValid(address)) return 'unknown';
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv4) return parsed.toString();
  const prefix = parsed.parts.slice(0, 4).map((part) => part.toString(16));
  return `${prefix.join(':')}::/64`;
}

/** True for an address of this host itself. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';
}
