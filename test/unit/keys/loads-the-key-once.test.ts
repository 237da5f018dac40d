import { expect, test } from 'vitest';
import { AppError } from '../../../proxy/contract/errors.ts';
import { createRing, KEY_A, KEY_B, loadedRing, ScriptedStore } from './key-ring-fixture.ts';

test('has no key at first; the first request makes it load, the ones at the same time share the load', async () => {
  const { ring, store, states } = createRing();
  expect(ring.state).toEqual({ status: 'unloaded' });
  expect(ring.authorization()).toMatchObject({ ok: false, code: 'key_unavailable' });
  const answers = await Promise.all([ring.recover(), ring.recover(), ring.recover()]);
  for (const answer of answers) {
    expect(answer).toMatchObject({ ok: true, value: `Bearer ${KEY_A}`, generation: 1 });
  }
  expect(store.reads).toBe(1);
  expect(states).toMatchObject([{ status: 'ready', generation: 1, kind: 'project', storeError: null }]);
});

test('a loaded key is served at once and the store is left alone', async () => {
  const { ring, store, clock } = await loadedRing();
  for (let day = 0; day < 100; day += 1) {
    clock.nowMs += 86_400_000;
    expect(ring.authorization()).toMatchObject({ ok: true, value: `Bearer ${KEY_A}` });
  }
  expect(store.reads).toBe(1);
});

test('zeroes what the store handed out', async () => {
  const { store } = await loadedRing();
  expect(store.handedOut.map((buffer) => buffer.every((byte) => byte === 0))).toEqual([true]);
});

test('cleans a key that was put into the store by hand', async () => {
  const { ring } = await loadedRing(new ScriptedStore(`"${KEY_A}"\n`));
  expect(ring.authorization()).toMatchObject({ ok: true, value: `Bearer ${KEY_A}` });
});

test('what is no key never becomes a header', async () => {
  const { ring } = await loadedRing(new ScriptedStore('sk-x\r\nx-evil: 1'));
  expect(ring.state).toMatchObject({ status: 'unavailable', error: { code: 'key_malformed' } });
  expect(ring.authorization()).toMatchObject({ ok: false, code: 'key_unavailable' });
});

test('F22 says why there is no key', async () => {
  const missing = await loadedRing(new ScriptedStore(null));
  expect(missing.ring.authorization()).toMatchObject({ code: 'key_unavailable', problem: 'none is stored' });

  const locked = await loadedRing(new ScriptedStore(new AppError('keychain_locked')));
  expect(locked.ring.state).toMatchObject({ status: 'unavailable', error: { code: 'keychain_locked' } });
  expect(locked.ring.authorization()).toMatchObject({
    code: 'key_unavailable',
    problem: 'the keychain is locked',
  });

  const broken = await loadedRing(new ScriptedStore(new TypeError(`cannot read ${KEY_A}`)));
  expect(broken.ring.authorization()).toMatchObject({ problem: 'cannot read [key]' });
});

test.each([null, new AppError('keychain_locked')])(
  'F22 looks again at most every few seconds: %s',
  async (next) => {
    const { ring, store, clock } = await loadedRing(new ScriptedStore(next), { retryAfterMs: 3_000 });
    for (let at = 0; at < 2_900; at += 100) {
      clock.nowMs += 100;
      expect((await ring.recover()).ok).toBe(false);
    }
    expect(store.reads).toBe(1);
    store.next = KEY_B;
    clock.nowMs += 100;
    expect(await ring.recover()).toMatchObject({ ok: true, value: `Bearer ${KEY_B}` });
    expect(store.reads).toBe(2);
  },
);

test('authorization does not wait, yet has the store read behind its back', async () => {
  const { ring, store, clock } = await loadedRing(new ScriptedStore(null));
  store.next = KEY_A;
  clock.nowMs += 3_000;
  expect(ring.authorization().ok).toBe(false);
  await expect.poll(() => ring.state.status).toBe('ready');
  expect(ring.authorization().ok).toBe(true);
});

test('keeps nothing running: no timer, no handle', async () => {
  const before = process.getActiveResourcesInfo();
  const { ring } = await loadedRing(new ScriptedStore(null));
  ring.authorization();
  expect(process.getActiveResourcesInfo()).toEqual(before);
});

test('tells each state once', async () => {
  const { ring, store, clock, states } = await loadedRing(new ScriptedStore(new AppError('keychain_locked')));
  for (let round = 0; round < 3; round += 1) {
    clock.nowMs += 10_000;
    await ring.recover();
  }
  expect(states).toEqual([]);
  store.next = new AppError('keychain_no_bus');
  await ring.reload();
  await ring.reload();
  store.next = null;
  await ring.reload();
  expect(states.map((state) => state.status)).toEqual(['unavailable', 'missing']);
});
