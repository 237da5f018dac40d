import { randomBytes } from 'node:crypto';
import { contentSecurityPolicy, PAGE_HEADERS } from '../proxy/contract/page-policy.ts';

export function newNonce(): string {
  return randomBytes(18).toString('base64url');
}

/** Headers of everything that is served to the page. */
export function pageHeaders(contentType: string, styleNonce: string): Record<string, string> {
  return {
    ...PAGE_HEADERS,
    'content-type': contentType,
    'content-security-policy': contentSecurityPolicy(styleNonce),
    'permissions-policy': 'clipboard-write=(self)',
  };
}
