import { expect, test } from 'vitest';
import { EnvStore } from '../../../proxy/keys/env-store.ts';
import { CANARY } from './leaks.ts';

test('deletes the variable at once and gives the key from memory, each time in a Buffer of its own', async () => {
  const env = { OPENAI_API_KEY: CANARY, HOME: '/home/someone' };
  const store = new EnvStore(env);
  expect(env).toEqual({ HOME: '/home/someone' });
  const first = await store.get();
  first.fill(0);
  expect((await store.get()).toString()).toBe(CANARY);
});

test('cleans what the variable holds', async () => {
  expect((await new EnvStore({ OPENAI_API_KEY: `"${CANARY}"\n` }).get()).toString()).toBe(CANARY);
});

test.each([
  ['is absent', {}, 'key_env_missing'],
  ['is blank', { OPENAI_API_KEY: ' ' }, 'key_env_missing'],
  ['holds an app token', { OPENAI_API_KEY: 'tg_0123456789abcdef0123' }, 'key_is_app_token'],
  ['holds an admin key', { OPENAI_API_KEY: 'sk-admin-0123456789abcdef' }, 'key_is_admin'],
  ['holds something else', { OPENAI_API_KEY: 'dummy' }, 'key_malformed'],
])('tells when the variable %s, and deletes it all the same', async (_, env, code) => {
  const store = new EnvStore(env);
  expect(env).toEqual({});
  await expect(store.get()).rejects.toMatchObject({ code });
});

test('cannot be changed', async () => {
  const store = new EnvStore({ OPENAI_API_KEY: CANARY });
  expect(store.canWrite).toBe(false);
  await expect(store.set()).rejects.toMatchObject({ code: 'key_store_read_only' });
  await expect(store.remove()).rejects.toMatchObject({ code: 'key_store_read_only' });
  expect((await store.get()).toString()).toBe(CANARY);
});
