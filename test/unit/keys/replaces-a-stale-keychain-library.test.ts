import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KeytarCalls } from '../../../proxy/keys/keytar-calls.ts';
import { keytarInChild } from '../../../proxy/keys/keytar-child.ts';
import { FakeKeytar, fails } from './fake-keytar.ts';
import { CANARY, errorOf, leaksIn } from './leaks.ts';
import { temporaryFolder } from './temporary-folder.ts';

const signal = new AbortController().signal;
const set = (calls: KeytarCalls) =>
  calls.run(signal, (keytar) => keytar.setPassword('tollgate', 'openai', CANARY));

test.each([
  'The name :1.42 was not provided by any .service files',
  'The session wrapping the secret does not exist',
  'The connection is closed',
])('F22 makes the call again with the substitute, and stays with it: %s', async (message) => {
  const stale = new FakeKeytar().on('setPassword', fails(message));
  const substitute = new FakeKeytar();
  let made = 0;
  const calls = new KeytarCalls({
    load: () => stale,
    substitute: () => {
      made += 1;
      return substitute;
    },
    preferSubstitute: false,
  });
  await set(calls);
  await set(calls);
  expect(substitute.items.get('tollgate/openai')).toBe(CANARY);
  expect([made, stale.calls.length, substitute.calls.length]).toEqual([1, 1, 2]);
});

test('any other failure is not tried again', async () => {
  const failing = new FakeKeytar().on('setPassword', fails('Cannot create an item in a locked collection'));
  const substitute = new FakeKeytar();
  const calls = new KeytarCalls({
    load: () => failing,
    substitute: () => substitute,
    preferSubstitute: false,
  });
  await expect(set(calls)).rejects.toMatchObject({ code: 'keychain_locked' });
  expect(substitute.calls).toEqual([]);
});

test('without a substitute it says what to do', async () => {
  const stale = new FakeKeytar().on('setPassword', fails('The connection is closed'));
  const calls = new KeytarCalls({ load: () => stale, substitute: () => null, preferSubstitute: false });
  await expect(set(calls)).rejects.toThrow(/restart Tollgate/);
});

test('uses the substitute from the start when it is preferred, else the library', async () => {
  const library = new FakeKeytar();
  const substitute = new FakeKeytar();
  await set(new KeytarCalls({ load: () => library, substitute: () => substitute, preferSubstitute: true }));
  expect([library.calls.length, substitute.calls.length]).toEqual([0, 1]);
  await set(new KeytarCalls({ load: () => library, substitute: () => null, preferSubstitute: true }));
  expect(library.calls.length).toBe(1);
});

test('a child that cannot load the library or is killed fails without a part of the key', async () => {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'libsecret-1.so.0'), '');
  for (const [env, timeoutMs] of [
    [{ LD_LIBRARY_PATH: folder }, 10_000],
    [{}, 1],
  ] as const) {
    const error = await errorOf(() => keytarInChild(env, timeoutMs)?.setPassword('a', 'b', CANARY));
    expect(error).toBeInstanceOf(Error);
    expect(leaksIn(error)).toEqual([]);
  }
});
