import { AppError } from '../contract/errors.ts';

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
