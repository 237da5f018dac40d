import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KEY_STORE_KINDS } from '../../../proxy/keys/key-store.ts';
import { openKeyStore } from '../../../proxy/keys/open-key-store.ts';
import { CANARY } from './leaks.ts';

const passphrase = async (): Promise<Buffer> => Buffer.from('correct horse');

test.each(KEY_STORE_KINDS)('opens the %s store and no other', async (kind) => {
  const store = await openKeyStore(kind, {
    env: { OPENAI_API_KEY: CANARY },
    dataDir: '/nowhere',
    passphrase,
  });
  expect(store.kind).toBe(kind);
  expect(store.canWrite).toBe(kind !== 'env');
});

test('only the env store touches OPENAI_API_KEY', async () => {
  const env = { OPENAI_API_KEY: CANARY };
  for (const kind of ['keychain', 'file', 'memory'] as const) {
    await openKeyStore(kind, { env, dataDir: '/nowhere', passphrase });
  }
  expect(env).toEqual({ OPENAI_API_KEY: CANARY });
});

test.each(['', '../openai', 'a/b', 'Open AI', '.openai', 'x'.repeat(33)])(
  'refuses the profile %j',
  async (profile) => {
    const open = () => openKeyStore('file', { env: {}, dataDir: '/nowhere', passphrase, profile });
    await expect(open()).rejects.toMatchObject({ code: 'input_invalid' });
  },
);

test('keeps each profile in a file of its own', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tollgate-keys-'));
  try {
    for (const profile of ['openai', 'other']) {
      const store = await openKeyStore('file', { env: {}, dataDir, passphrase, profile });
      await store.set(Buffer.from(`sk-${profile}`));
    }
    expect((await readdir(dataDir)).sort()).toEqual(['openai.key.json', 'other.key.json']);
    const other = await openKeyStore('file', { env: {}, dataDir, passphrase, profile: 'other' });
    expect((await other.get())?.toString()).toBe('sk-other');
  } finally {
    await rm(dataDir, { recursive: true });
  }
});
