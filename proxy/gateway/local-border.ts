import type { Framing } from './framing.ts';
import { type Refusal, refuse } from './refusal.ts';

/** Which names this listener answers to. */
export interface LocalNames {
  readonly port: number;
  /** Host names besides the loopback ones, lower case, that the user has asked for. */
  readonly extraHosts: readonly string[];
}

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];

/**
 * A web page can make a browser send requests here: through a name it controls that resolves to
 * 127.0.0.1 (DNS rebinding), a form, an image. The Host header then carries the page's name, and Origin
 * or Sec-Fetch-Site tell that a page is asking. Both are checked before anything else, on every path.
 */
export function isOurHost(host: string, names: LocalNames): boolean {
  // What nearly every client sends.
  if (host === `127.0.0.1:${names.port}`) return true;
  const lower = host.toLowerCase();
  const suffix = `:${names.port}`;
  if (!lower.endsWith(suffix)) return names.port === 80 && isOurName(lower, names);
  return isOurName(lower.slice(0, -suffix.length), names);
}

function isOurName(name: string, names: LocalNames): boolean {
  return LOOPBACK_HOSTS.includes(name) || names.extraHosts.includes(name);
}

/** Null when the request may go on; `isAllowedOrigin` asks whether any app admits this very origin. */
export function checkBorder(
  framing: Framing,
  names: LocalNames,
  isAllowedOrigin: (origin: string) => boolean,
): Refusal | null {
  if (!isOurHost(framing.host, names)) return refuse('host_not_allowed');
  if (framing.origin !== null) {
    return isAllowedOrigin(framing.origin) ? null : refuse('origin_not_allowed');
  }
  // An image or a script tag sends no Origin, but browsers say where it comes from.
  if (framing.fetchSite !== null && framing.fetchSite !== 'none' && framing.fetchSite !== 'same-origin') {
    return refuse('origin_not_allowed');
  }
  return null;
}
