import { expect, test } from 'vitest';
import { appScreen, isScreenPath, SCREENS, WELCOME_PATH } from '../../../proxy/contract/screens.ts';

test.each([
  ...Object.values(SCREENS),
  WELCOME_PATH,
  appScreen('app_0123456789abcdef'),
  '/requests/req_AZaz09-_',
])('%s is a screen', (path) => expect(isScreenPath(path)).toBe(true));

test.each([
  '',
  '/rpc',
  '/session',
  '/assets/index-abcdefgh.js',
  '/favicon.svg',
  '/apps/',
  '/apps/a/b',
  '/apps/..',
  '/apps/%2e%2e',
  '//apps',
  '/Apps',
  '/index.html',
])('%s is none', (path) => expect(isScreenPath(path)).toBe(false));
