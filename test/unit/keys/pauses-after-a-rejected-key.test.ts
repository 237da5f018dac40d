import { expect, test } from 'vitest';
import { KEY_A, KEY_B, loadedRing } from './key-ring-fixture.ts';

test('F23 a 401 from upstream stops every new request until the key is replaced', async () => {
  const { ring, store, clock, states } = await loadedRing();
  ring.reportRejected(1);
  ring.reportRejected(1);
  expect(states).toMatchObject([{ status: 'rejected', generation: 1 }]);
  clock.nowMs += 86_400_000;
  expect(await ring.recover()).toMatchObject({ ok: false, code: 'key_rejected' });
  expect(ring.lease()).toBeNull();
  expect(store.reads).toBe(1);
  await ring.replace(Buffer.from(KEY_B));
  expect(ring.authorization()).toMatchObject({ ok: true, value: `Bearer ${KEY_B}`, generation: 2 });
});

test('F23 late 401s of the old key do not reject the new one', async () => {
  const { ring } = await loadedRing();
  await ring.replace(Buffer.from(KEY_B));
  ring.reportRejected(1);
  expect(ring.authorization().ok).toBe(true);
  ring.reportRejected(99);
  expect(ring.authorization().ok).toBe(true);
});

test('a new try is a new generation, so that late 401s from before do not end it', async () => {
  const { ring } = await loadedRing();
  ring.reportRejected(1);
  ring.retryRejected();
  expect(ring.authorization()).toMatchObject({ ok: true, value: `Bearer ${KEY_A}`, generation: 2 });
  ring.reportRejected(1);
  expect(ring.authorization().ok).toBe(true);
  ring.reportRejected(2);
  expect(ring.authorization().ok).toBe(false);
});

test('a new try without a rejection does nothing', async () => {
  const { ring, states } = await loadedRing();
  ring.retryRejected();
  expect(ring.authorization()).toMatchObject({ generation: 1 });
  expect(states).toEqual([]);
});

test('reading the same key again does not lift the rejection; another key does', async () => {
  const { ring, store } = await loadedRing();
  ring.reportRejected(1);
  await ring.reload();
  expect(ring.authorization()).toMatchObject({ code: 'key_rejected' });
  store.next = KEY_B;
  await ring.reload();
  expect(ring.authorization()).toMatchObject({ ok: true, value: `Bearer ${KEY_B}` });
});

test('storing the rejected key once more is a new try', async () => {
  const { ring } = await loadedRing();
  ring.reportRejected(1);
  await ring.replace(Buffer.from(KEY_A));
  expect(ring.authorization()).toMatchObject({ ok: true, generation: 2 });
});
