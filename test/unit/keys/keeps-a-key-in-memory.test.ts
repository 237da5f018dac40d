import { expect, test } from 'vitest';
import { MemoryStore } from '../../../proxy/keys/memory-store.ts';

test('sets, gets and removes copies', async () => {
  const store = new MemoryStore();
  expect(await store.get()).toBeNull();
  expect(await store.remove()).toBe(false);

  const key = Buffer.from('sk-0123456789abcdef');
  await store.set(key);
  key.fill(0);
  const read = await store.get();
  expect(read?.toString()).toBe('sk-0123456789abcdef');
  read?.fill(0);
  expect((await store.get())?.toString()).toBe('sk-0123456789abcdef');

  expect(await store.remove()).toBe(true);
  expect(await store.get()).toBeNull();
});
