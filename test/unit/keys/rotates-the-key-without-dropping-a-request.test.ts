import { expect, test } from 'vitest';
import { AppError } from '../../../proxy/contract/errors.ts';
import { KeySlot } from '../../../proxy/keys/key-slot.ts';
import { createRing, KEY_A, KEY_B, loadedRing, ScriptedStore } from './key-ring-fixture.ts';

test('F23 stores first, then swaps: running requests keep the old key, new ones get the new', async () => {
  const { ring, store } = await loadedRing();
  const running = ring.lease();
  const replacing = ring.replace(Buffer.from(KEY_B));
  expect(ring.authorization()).toMatchObject({ value: `Bearer ${KEY_A}` });
  expect(await replacing).toMatchObject({ status: 'ready', generation: 2 });
  expect(store.next).toBe(KEY_B);
  expect(ring.authorization()).toMatchObject({ value: `Bearer ${KEY_B}`, generation: 2 });
  expect(running?.authorization()).toMatchObject({ value: `Bearer ${KEY_A}`, generation: 1 });
  running?.release();
  expect(running?.authorization()).toBeNull();
});

test('F23 shows the old key as long as a request holds it', async () => {
  const { ring } = await loadedRing();
  const leases = [ring.lease(), ring.lease()];
  await ring.replace(Buffer.from(KEY_B));
  const current = ring.lease();
  expect(ring.retiring).toMatchObject([{ generation: 1, kind: 'project', leases: 2 }]);
  leases[0]?.release();
  leases[0]?.release();
  expect(ring.retiring).toMatchObject([{ generation: 1, leases: 1 }]);
  leases[1]?.release();
  expect(ring.retiring).toEqual([]);
  current?.release();
  expect(ring.authorization()).toMatchObject({ value: `Bearer ${KEY_B}` });
});

test('zeroes a replaced key when its last lease ends, not before', () => {
  const key = Buffer.from(KEY_A);
  const slot = new KeySlot(key, 1);
  const [first, second] = [slot.lease(), slot.lease()];
  first.release();
  slot.retire();
  expect(key.toString()).toBe(KEY_A);
  second.release();
  expect(key.every((byte) => byte === 0)).toBe(true);
  expect(slot.authorization()).toBeNull();
});

test('zeroes a replaced key at once when nobody holds it, and keeps one that is not replaced', () => {
  const key = Buffer.from(KEY_A);
  const slot = new KeySlot(key, 1);
  slot.lease().release();
  expect(key.toString()).toBe(KEY_A);
  slot.retire();
  expect(key.every((byte) => byte === 0)).toBe(true);
});

test('a store that fails leaves everything as it was', async () => {
  const { ring, store, states } = await loadedRing();
  store.setFails = new AppError('keychain_locked');
  await expect(ring.replace(Buffer.from(KEY_B))).rejects.toMatchObject({ code: 'keychain_locked' });
  expect(ring.authorization()).toMatchObject({ value: `Bearer ${KEY_A}`, generation: 1 });
  expect(states).toEqual([]);
});

test('refuses what is no key before it touches the store', async () => {
  const { ring, store } = await loadedRing();
  await expect(ring.replace(Buffer.from('sk-admin-0123456789abcdef'))).rejects.toMatchObject({
    code: 'key_is_admin',
  });
  expect(store.next).toBe(KEY_A);
});

test('copies the new key: the caller may zero its own', async () => {
  const { ring } = await loadedRing();
  const key = Buffer.from(KEY_B);
  await ring.replace(key);
  key.fill(0);
  expect(ring.authorization()).toMatchObject({ value: `Bearer ${KEY_B}` });
});

test('a load that read the store before the rotation cannot bring the old key back', async () => {
  const { ring, store, clock } = await loadedRing(undefined, { recheckAfterMs: 1_000 });
  const slow = Promise.withResolvers<string | null>();
  store.next = slow.promise;
  clock.nowMs += 1_000;
  ring.authorization();
  await expect.poll(() => store.reads).toBe(2);
  const replacing = ring.replace(Buffer.from(KEY_B));
  slow.resolve(KEY_A);
  await replacing;
  expect(ring.authorization()).toMatchObject({ value: `Bearer ${KEY_B}` });
});

test('many rotations under load drop no request and leave no key behind', async () => {
  const { ring } = await loadedRing();
  const open: { release(): void }[] = [];
  for (let round = 0; round < 50; round += 1) {
    const replacing = ring.replace(Buffer.from(round % 2 === 0 ? KEY_B : KEY_A));
    for (let request = 0; request < 20; request += 1) {
      expect(ring.authorization().ok).toBe(true);
      const lease = ring.lease();
      if (lease) open.push(lease);
      await Promise.resolve();
      if (open.length > 30) open.shift()?.release();
    }
    await replacing;
  }
  for (const lease of open) lease.release();
  expect(ring.retiring).toEqual([]);
});

test('removes the key from the store and from memory', async () => {
  const { ring, store } = await loadedRing();
  const running = ring.lease();
  expect(await ring.remove()).toBe(true);
  expect(store.next).toBeNull();
  expect(ring.state).toEqual({ status: 'missing' });
  expect(ring.lease()).toBeNull();
  expect(running?.authorization()).toMatchObject({ value: `Bearer ${KEY_A}` });
  running?.release();
  expect(await ring.remove()).toBe(false);
});

test('after close there is no key, whatever was under way', async () => {
  const slow = Promise.withResolvers<string | null>();
  const store = new ScriptedStore(slow.promise);
  const { ring } = createRing(store);
  const recovering = ring.recover();
  await expect.poll(() => store.reads).toBe(1);
  ring.close();
  slow.resolve(KEY_A);
  expect((await recovering).ok).toBe(false);
  expect(ring.state).toEqual({ status: 'unloaded' });
  expect(ring.authorization().ok).toBe(false);
  expect(store.reads).toBe(1);
  await expect(ring.replace(Buffer.from(KEY_B))).rejects.toMatchObject({ code: 'shutting_down' });
  await expect(ring.reload()).rejects.toMatchObject({ code: 'shutting_down' });
});

test('close takes the key from running requests too', async () => {
  const { ring } = await loadedRing();
  const old = ring.lease();
  await ring.replace(Buffer.from(KEY_B));
  const current = ring.lease();
  ring.close();
  expect(old?.authorization()).toBeNull();
  expect(current?.authorization()).toBeNull();
  old?.release();
  current?.release();
});
