import { lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { AppError } from '../contract/errors.ts';

/**
 * Where nobody takes alerts: addresses that are none, groups, and the link-local ones behind which clouds
 * keep the credentials of a machine. A private network is somebody's own chat server.
 */
const NOWHERE = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['224.0.0.0', 3],
] as const) {
  NOWHERE.addSubnet(net, bits, 'ipv4');
}
for (const [net, bits] of [
  ['::', 128],
  ['fe80::', 10],
  ['fd00:ec2::', 32],
  ['ff00::', 8],
] as const) {
  NOWHERE.addSubnet(net, bits, 'ipv6');
}

/** Also for an IPv4 address in the form of an IPv6 one. */
export function isNowhere(address: string): boolean {
  return NOWHERE.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** Looks a name up when a connection is made, so that one which leads elsewhere since is refused as well. */
export const lookUpSomewhere: LookupFunction = (name, options, callback) => {
  lookup(name, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error || !first) {
      callback(error ?? new Error('no address'), '', 0);
      return;
    }
    if (addresses.some(({ address }) => isNowhere(address))) {
      callback(Object.assign(new Error('refused'), { code: 'ADDRESS_REFUSED' }), '', 0);
    } else if (options.all) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
};

/**
 * Where alerts may be posted: https anywhere, http to this machine alone. The address is a secret, as
 * whoever has it can post there too.
 * @throws AppError `webhook_invalid`
 */
export function parseWebhook(text: string): URL {
  const fail = (problem: string): never => {
    throw new AppError('webhook_invalid', { problem });
  };
  if (!URL.canParse(text.trim())) return fail('it is not a URL');
  const url = new URL(text.trim());
  if (url.username !== '' || url.password !== '') return fail('it has a user name or a password in it');
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && isNowhere(literal)) return fail('nobody takes alerts at this address');
  if (url.protocol === 'https:') return url;
  if (url.protocol !== 'http:') return fail('it is neither https nor http');
  if (!/^(127(\.\d{1,3}){3}|\[::1\]|localhost)$/.test(url.hostname)) {
    return fail('plain http is for this machine only');
  }
  return url;
}

/** The address as it may be shown: where it goes, and nothing that lets somebody post there. */
export function maskWebhook(url: URL): string {
  const hasMore = url.pathname !== '/' || url.search !== '';
  return `${url.origin}${hasMore ? '/…' : ''}`;
}
