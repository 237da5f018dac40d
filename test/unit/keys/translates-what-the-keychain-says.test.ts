import { expect, test } from 'vitest';
import { KeychainStore } from '../../../proxy/keys/keychain-store.ts';
import { FakeKeytar, fails } from './fake-keytar.ts';
import { CANARY, errorOf, leaksIn } from './leaks.ts';

function open(keytar: FakeKeytar): KeychainStore {
  return new KeychainStore({ platform: 'darwin', load: () => keytar, env: {}, timeoutMs: 1_000 });
}

test.each([
  ['Cannot create an item in a locked collection', 'keychain_locked'],
  ['User interaction is not allowed.', 'keychain_locked'],
  ['The name org.freedesktop.secrets was not provided by any .service files', 'keychain_no_service'],
  ['Cannot autolaunch D-Bus without X11 $DISPLAY', 'keychain_no_bus'],
  ['Could not connect: No such file or directory', 'keychain_no_bus'],
  ['The user name or passphrase you entered is not correct.', 'keychain_failed'],
  ['', 'keychain_failed'],
])('F22 %j is %s', async (message, code) => {
  const keytar = new FakeKeytar().on('getPassword', fails(message)).on('setPassword', fails(message));
  keytar.on('deletePassword', fails(message));
  await expect(open(keytar).get()).rejects.toMatchObject({ code });
  await expect(open(keytar).set(Buffer.from(CANARY))).rejects.toMatchObject({ code });
  await expect(open(keytar).remove()).rejects.toMatchObject({ code });
});

test('passes on no part of the key when a library quotes it', async () => {
  const keytar = new FakeKeytar().on('setPassword', fails(`cannot store "${CANARY}" as openai`));
  const error = await errorOf(() => open(keytar).set(Buffer.from(CANARY)));
  expect(error).toMatchObject({
    code: 'keychain_failed',
    details: { problem: 'cannot store "[key]" as openai' },
  });
  expect(leaksIn(error)).toEqual([]);
});

test('a failure leaves the store usable', async () => {
  const keytar = new FakeKeytar().on('getPassword', fails('for a moment'));
  const store = open(keytar);
  await expect(store.get()).rejects.toMatchObject({ code: 'keychain_failed' });
  keytar.restore('getPassword');
  expect(await store.get()).toBeNull();
});
