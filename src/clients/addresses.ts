import { networkInterfaces } from 'node:os';

import ipaddr from 'ipaddr.js';

/** One destination that may be reached although it is not public, or on another port than the usual ones. */
type Allowed = { hostname?: string; range?: [ipaddr.IPv4 | ipaddr.IPv6, number]; port?: number };

export type AllowList = readonly Allowed[];

/** Ports of the web. Others are asked of nobody by accident, so they must be on the allow-list. */
const webPorts = new Set([80, 443, 8080, 8443]);

/** Public by its number, but answers only from inside Azure: the metadata and health service of a virtual machine. */
const azureWireServer = '168.63.129.16';

const publicIpv6 = ipaddr.IPv6.parseCIDR('2000::/3');

/**
 * Reads HQ_OUTBOUND_ALLOW: hosts, addresses and CIDR ranges, separated by commas or spaces, each with a port or
 * without (`10.0.0.0/8`, `clay.internal`, `127.0.0.1:9000`, `[::1]:9000`). Without a port every port is meant.
 * Throws an Error whose message names the entry that cannot be read.
 */
export function parseAllowList(text: string): AllowList {
  return text
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(parseAllowed);
}

function parseAllowed(entry: string): Allowed {
  if (isIpv6(entry)) return allowedRange(entry, undefined);
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(entry) ?? [];
  const name = bracketed ?? plain;
  const port = digits === undefined ? undefined : Number(digits);
  if (name === undefined || (port !== undefined && (port < 1 || port > 65_535))) throw unreadable(entry);
  if (bracketed !== undefined || /^[\d./]+$/.test(name)) return allowedRange(name, port, entry);
  // The URL parser writes a host name as it will be written in a request's URL.
  const url = URL.parse(`http://${name}/`);
  if (url === null || url.host !== url.hostname || name.includes('/')) throw unreadable(entry);
  return { hostname: withoutDot(url.hostname), port };
}

function isIpv6(text: string): boolean {
  return text.includes(':') && (ipaddr.IPv6.isValid(text) || ipaddr.IPv6.isValidCIDR(text));
}

function allowedRange(text: string, port: number | undefined, entry = text): Allowed {
  if (ipaddr.IPv4.isValidCIDRFourPartDecimal(text) || ipaddr.IPv6.isValidCIDR(text)) {
    return { range: ipaddr.parseCIDR(text), port };
  }
  if (ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text)) {
    const address = ipaddr.parse(text);
    return { range: [address, address.kind() === 'ipv4' ? 32 : 128], port };
  }
  throw unreadable(entry);
}

function unreadable(entry: string): Error {
  return new Error(
    `"${entry}" is no host, address or CIDR range with or without a port (such as hooks.example, 10.0.0.0/8 or 127.0.0.1:9000)`,
  );
}

/** A host name without the dot that makes it absolute: both spellings name the same host. */
function withoutDot(hostname: string): string {
  return hostname.replace(/\.$/, '');
}

/** Whether the port is one of the web's, or allowed for this host. An allowed range is judged when the address is known. */
export function isPortAllowed(hostname: string, port: number, allow: AllowList): boolean {
  return (
    webPorts.has(port) ||
    isHostAllowed(hostname, port, allow) ||
    allow.some((entry) => entry.range !== undefined && fits(entry, port))
  );
}

/** Whether the allow-list names this host, so that it is trusted wherever it is. */
export function isHostAllowed(hostname: string, port: number, allow: AllowList): boolean {
  return allow.some((entry) => entry.hostname === withoutDot(hostname) && fits(entry, port));
}

/**
 * Why a connection to this address and port is refused, or undefined when it is not: only public addresses are
 * reached, on the web's ports, unless the allow-list has the address. An address that carries an IPv4 address
 * (IPv4-mapped, NAT64) is judged by that.
 */
export function addressRefusal(text: string, port: number, allow: AllowList): string | undefined {
  const address = judged(text);
  if (address === undefined) return 'is no IP address';
  const isAllowed = allow.some(({ range, port: allowedPort }) => {
    if (range === undefined || !fits({ port: allowedPort }, port)) return false;
    return range[0].kind() === address.kind() && address.match(range as [typeof address, number]);
  });
  if (isAllowed) return undefined;
  const range = rangeName(address);
  if (range !== undefined) return `is ${range}, not a public address`;
  return webPorts.has(port) ? undefined : `is reached only on ports ${[...webPorts].join(', ')}, not ${port}`;
}

function fits({ port }: Pick<Allowed, 'port'>, asked: number): boolean {
  return port === undefined || port === asked;
}

function judged(text: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (!ipaddr.isValid(text)) return undefined;
  const address = ipaddr.process(text);
  if (address instanceof ipaddr.IPv4) return address;
  // NAT64's well-known prefix (RFC 6052): what a network without IPv4 answers for every IPv4 host.
  if (address.match(ipaddr.IPv6.parseCIDR('64:ff9b::/96'))) {
    return new ipaddr.IPv4(address.toByteArray().slice(12));
  }
  return address;
}

/** What kind of address that is not public it is; undefined for a public one. */
function rangeName(address: ipaddr.IPv4 | ipaddr.IPv6): string | undefined {
  const text = address.toString();
  if (text === azureWireServer) return 'a metadata address';
  const range = address.range();
  if (range !== 'unicast') return range.replace(/[A-Z0-9]+/g, (part) => ` ${part.toLowerCase()}`).trim();
  if (address instanceof ipaddr.IPv6 && !address.match(publicIpv6)) return 'reserved';
  const own = Object.values(networkInterfaces()).some((list) =>
    list?.some((entry) => entry.address === text),
  );
  return own ? "this machine's own" : undefined;
}
