import { expect, test } from 'vitest';
import { KeychainStore } from '../../../proxy/keys/keychain-store.ts';
import { loadKeytar } from '../../../proxy/keys/keytar-library.ts';
import { FakeKeytar } from './fake-keytar.ts';
import { CANARY } from './leaks.ts';

// macOS and Windows have no bus to ask, so there the store relies on keytar alone.
function open(keytar: FakeKeytar, profile?: string): KeychainStore {
  const options = { platform: 'darwin', load: () => keytar } as const;
  return new KeychainStore(profile === undefined ? options : { ...options, profile });
}

test('stores under service tollgate and the profile', async () => {
  const keytar = new FakeKeytar();
  await open(keytar).set(Buffer.from(CANARY));
  await open(keytar, 'other').set(Buffer.from('sk-other'));
  expect([...keytar.items]).toEqual([
    ['tollgate/openai', CANARY],
    ['tollgate/other', 'sk-other'],
  ]);
});

test('gets, and removes once', async () => {
  const store = open(new FakeKeytar());
  expect(await store.get()).toBeNull();
  await store.set(Buffer.from(CANARY));
  expect((await store.get())?.toString()).toBe(CANARY);
  expect(await store.remove()).toBe(true);
  expect(await store.remove()).toBe(false);
  expect(await store.get()).toBeNull();
});

test.each([
  ['gives back another key', async () => 'sk-something-else', 'keychain_failed'],
  ['gives back nothing', async () => null, 'keychain_failed'],
  ['gives back a longer key', async () => `${CANARY}\0`, 'keychain_failed'],
])('notices when the keychain %s', async (_, getPassword, code) => {
  const store = open(new FakeKeytar().on('getPassword', getPassword));
  await expect(store.set(Buffer.from(CANARY))).rejects.toMatchObject({ code });
});

test.each(['', 'sk-with space', 'sk-nul\0', 'sk-ümlaut', 'sk-line\n'])(
  'does not even send a key that would come back changed: %j',
  async (key) => {
    const keytar = new FakeKeytar();
    await expect(open(keytar).set(Buffer.from(key))).rejects.toMatchObject({ code: 'key_malformed' });
    expect(keytar.calls).toEqual([]);
  },
);

test.each([
  ['darwin', 'macOS Keychain'],
  ['win32', 'Windows Credential Manager'],
  ['linux', 'Secret Service'],
] as const)('is called by its name on %s', (platform, backend) => {
  expect(new KeychainStore({ platform, load: loadKeytar }).backend).toBe(backend);
});

test('asks for the library only when it is needed, and again after it was missing', async () => {
  const keytar = new FakeKeytar();
  let loads = 0;
  const store = new KeychainStore({
    platform: 'darwin',
    load: () => {
      loads += 1;
      if (loads === 1) throw new Error('not yet');
      return keytar;
    },
  });
  expect(loads).toBe(0);
  await expect(store.get()).rejects.toThrow('not yet');
  expect(await store.get()).toBeNull();
});
