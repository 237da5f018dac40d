import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { KeychainStore } from '../../../proxy/keys/keychain-store.ts';
import { FakeKeytar } from './fake-keytar.ts';
import { CANARY } from './leaks.ts';

const TIMEOUT_MS = 60;

function open(keytar: FakeKeytar): KeychainStore {
  return new KeychainStore({ platform: 'darwin', load: () => keytar, timeoutMs: TIMEOUT_MS });
}

test('F22 gives up after the time limit, with the limit in the message', async () => {
  const never = new Promise<never>(() => undefined);
  const keytar = new FakeKeytar().on('getPassword', () => never);
  const startMs = performance.now();
  await expect(open(keytar).get()).rejects.toMatchObject({
    code: 'keychain_timeout',
    details: { seconds: TIMEOUT_MS / 1000 },
  });
  expect(performance.now() - startMs).toBeLessThan(15_000);
});

test.each(['resolves', 'rejects'])('a late answer that %s harms nothing', async (how) => {
  const late = Promise.withResolvers<string>();
  const keytar = new FakeKeytar().on('getPassword', () => late.promise);
  const store = open(keytar);
  await expect(store.get()).rejects.toMatchObject({ code: 'keychain_timeout' });
  // An unhandled rejection would fail the whole run.
  if (how === 'resolves') late.resolve(CANARY);
  else late.reject(new Error('too late'));
  await delay(5);
  keytar.restore('getPassword');
  expect(await store.get()).toBeNull();
});

test('one call at a time: a call that waits behind a hung one never begins after its own limit', async () => {
  const hung = Promise.withResolvers<string | null>();
  const keytar = new FakeKeytar().on('getPassword', () => hung.promise);
  const store = open(keytar);
  const outcomes = await Promise.allSettled([store.get(), store.set(Buffer.from(CANARY)), store.remove()]);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
  hung.resolve(null);
  keytar.restore('getPassword');
  await delay(5);
  expect(await store.get()).toBeNull();
  expect(keytar.calls).toEqual(['get tollgate openai', 'get tollgate openai']);
  expect(keytar.items.size).toBe(0);
});

test('operations at the same time run one after the other, each as a whole', async () => {
  const keytar = new FakeKeytar().on('setPassword', () => delay(10));
  const store = open(keytar);
  const [, key, removed] = await Promise.all([store.set(Buffer.from(CANARY)), store.get(), store.remove()]);
  expect(keytar.calls.map((call) => call.split(' ')[0])).toEqual(['set', 'get', 'get', 'delete']);
  expect(key?.toString()).toBe(CANARY);
  expect(removed).toBe(true);
});
