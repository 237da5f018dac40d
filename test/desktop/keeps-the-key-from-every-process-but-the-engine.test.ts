import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { engineEnvironment, takeSecrets } from '../../main/engine-environment.ts';
import { CANARY_KEY } from '../helpers/open-tollgate.ts';
import { openDesktopHome } from './helpers/open-desktop-home.ts';
import { pageCall } from './helpers/page-call.ts';

test('A16 the engine gets no variable that changes how code runs, and secrets only where chosen', () => {
  const hostile = {
    PATH: '/bin',
    HOME: '/home/x',
    NODE_OPTIONS: '--require=/tmp/evil.js',
    NODE_EXTRA_CA_CERTS: '/tmp/ca.pem',
    ELECTRON_RUN_AS_NODE: '1',
    LD_PRELOAD: '/tmp/evil.so',
    DYLD_INSERT_LIBRARIES: '/tmp/evil.dylib',
    SSLKEYLOGFILE: '/tmp/keys',
    OPENAI_BASE_URL: 'https://evil.example',
    TOLLGATE_UPSTREAM: 'https://evil.example/v1',
  };
  const secrets = { OPENAI_API_KEY: 'sk-x', TOLLGATE_PASSPHRASE: 'secret' };
  expect(engineEnvironment(hostile, true, secrets)).toEqual({
    PATH: '/bin',
    HOME: '/home/x',
    TOLLGATE_KEY_STORE: 'keychain',
    TOLLGATE_UPSTREAM: 'https://api.openai.com/v1',
  });
  const withStore = (store: string): Record<string, string> =>
    engineEnvironment({ TOLLGATE_KEY_STORE: store }, true, secrets);
  expect(withStore('env')['OPENAI_API_KEY']).toBe('sk-x');
  expect(withStore('env')['TOLLGATE_PASSPHRASE']).toBeUndefined();
  expect(withStore('file')['TOLLGATE_PASSPHRASE']).toBe('secret');
  expect(withStore('file')['OPENAI_API_KEY']).toBeUndefined();
  const env: Record<string, string | undefined> = { ...secrets, PATH: '/bin' };
  expect(takeSecrets(env)).toEqual(secrets);
  expect(env).toEqual({ PATH: '/bin' });
});

test('T4 the key is in nothing that the app shows, logs, writes or tells the page', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  const token = await home.createApp('notebook', ['requests=2/day']);
  await (await home.chat(token)).text();
  await desktop.waitFor('notification');
  const answers = await Promise.all(
    ['/rpc/engine/status', '/rpc/key/status', '/shell/state', '/shell/about'].map(async (path) =>
      (await pageCall(desktop, path)).text(),
    ),
  );
  await desktop.order('app.quit');
  expect(await desktop.ended).toBe(0);
  // The environment of the engine's process is where this test has put the key, and the engine takes it out.
  const events = desktop.events.filter(({ event }) => event !== 'utility-fork');
  const seen = JSON.stringify(events) + answers.join() + desktop.stderr() + filesOf(home.dir);
  expect(seen.length).toBeGreaterThan(10_000);
  expect(seen).not.toContain(CANARY_KEY);
  expect(seen).not.toContain(Buffer.from(CANARY_KEY).toString('base64'));
  expect(seen).not.toContain(token);
}, 180_000);

function filesOf(dir: string): string {
  return readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(dir, name))
    .filter((path) => statSync(path).isFile())
    .map((path) => readFileSync(path, 'latin1'))
    .join('\n');
}
