import { expect, test } from 'vitest';
import { AppError } from '../../../proxy/contract/errors.ts';
import { KEY_A, KEY_B, loadedRing } from './key-ring-fixture.ts';

test('F22 a key deleted in the store is gone after a reload, and comes back when it does', async () => {
  const { ring, store, clock } = await loadedRing();
  store.next = null;
  expect(await ring.reload()).toEqual({ status: 'missing' });
  expect(ring.authorization()).toMatchObject({ ok: false, code: 'key_unavailable' });
  store.next = KEY_A;
  clock.nowMs += 3_000;
  expect(await ring.recover()).toMatchObject({ ok: true, generation: 2 });
});

test('the same key changes nothing, another one takes over', async () => {
  const { ring, store, states } = await loadedRing();
  await ring.reload();
  expect(ring.authorization()).toMatchObject({ generation: 1 });
  store.next = KEY_B;
  await ring.reload();
  expect(ring.authorization()).toMatchObject({ value: `Bearer ${KEY_B}`, generation: 2 });
  expect(states).toMatchObject([{ status: 'ready', generation: 2, kind: 'service-account' }]);
});

test('F22 a store that locks later takes nothing away from a key in use, and is told', async () => {
  const { ring, store, states } = await loadedRing();
  store.next = new AppError('keychain_locked');
  expect(await ring.reload()).toMatchObject({ status: 'ready', storeError: { code: 'keychain_locked' } });
  expect(ring.authorization().ok).toBe(true);
  store.next = KEY_A;
  expect(await ring.reload()).toMatchObject({ status: 'ready', storeError: null });
  expect(states).toHaveLength(2);
});

test('with recheckAfterMs a request has an old key looked up again, without waiting', async () => {
  const { ring, store, clock } = await loadedRing(undefined, { recheckAfterMs: 60_000 });
  clock.nowMs += 59_999;
  ring.authorization();
  expect(store.reads).toBe(1);
  store.next = null;
  clock.nowMs += 1;
  expect(ring.authorization().ok).toBe(true);
  expect(ring.authorization().ok).toBe(true);
  await expect.poll(() => ring.state.status).toBe('missing');
  expect(store.reads).toBe(2);
});

test('a reload reads the store anew, although a load that began before is under way', async () => {
  const { ring, store, clock } = await loadedRing(undefined, { recheckAfterMs: 60_000 });
  const slow = Promise.withResolvers<string | null>();
  store.next = slow.promise;
  clock.nowMs += 60_000;
  ring.authorization();
  await expect.poll(() => store.reads).toBe(2);
  const reloading = ring.reload();
  store.next = KEY_B;
  slow.resolve(KEY_A);
  expect(await reloading).toMatchObject({ status: 'ready', kind: 'service-account' });
});
