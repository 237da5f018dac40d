import { join } from 'node:path';
import { expect, test } from 'vitest';
import { EnvStore } from '../../../proxy/keys/env-store.ts';
import { FileStore } from '../../../proxy/keys/file-store.ts';
import { KeySlot } from '../../../proxy/keys/key-slot.ts';
import { KeychainStore } from '../../../proxy/keys/keychain-store.ts';
import { MemoryStore } from '../../../proxy/keys/memory-store.ts';
import { FakeKeytar, fails } from './fake-keytar.ts';
import { createRing, loadedRing, ScriptedStore } from './key-ring-fixture.ts';
import { CANARY, errorOf, leaksIn } from './leaks.ts';
import { temporaryFolder } from './temporary-folder.ts';

test('the search for leaks finds them', () => {
  for (const leak of [
    CANARY,
    { key: CANARY },
    Buffer.from(CANARY),
    { deep: [{ deep: { deep: Buffer.from(CANARY) } }] },
    new Error(`bad key ${CANARY.slice(5, 20)}`),
    new Error('outer', { cause: new Error(CANARY) }),
    Buffer.from(CANARY).toString('hex'),
    Buffer.from(CANARY).toString('base64'),
    new Map([['key', CANARY]]),
  ]) {
    expect(leaksIn(leak)).not.toEqual([]);
  }
  expect(leaksIn({ fingerprint: '0123abcd', prefix: 'sk-proj-' })).toEqual([]);
});

test('I5 no store shows the key it holds', async () => {
  const memory = new MemoryStore(Buffer.from(CANARY));
  const env = new EnvStore({ OPENAI_API_KEY: CANARY });
  const keytar = new FakeKeytar();
  const keychain = new KeychainStore({ platform: 'darwin', load: () => keytar });
  const file = new FileStore({
    dataDir: await temporaryFolder(),
    profile: 'openai',
    passphrase: async () => Buffer.from('correct horse'),
    scryptN: 2 ** 14,
  });
  await keychain.set(Buffer.from(CANARY));
  await file.set(Buffer.from(CANARY));
  for (const store of [memory, env, keychain, file]) {
    expect((await store.get())?.toString()).toBe(CANARY);
    expect(leaksIn(store)).toEqual([]);
  }
});

test('I5 neither does the ring, its state, its leases or the header object itself', async () => {
  const { ring, states } = createRing(new ScriptedStore(CANARY));
  const authorization = await ring.recover();
  const lease = ring.lease();
  expect(authorization).toMatchObject({ value: `Bearer ${CANARY}` });
  await ring.replace(Buffer.from(`${CANARY}2`));
  ring.reportRejected(2);
  const shown = [ring, ring.state, ring.retiring, states, authorization, lease, lease?.authorization()];
  for (const value of [...shown, new KeySlot(Buffer.from(CANARY), 1)]) expect(leaksIn(value)).toEqual([]);
  expect(leaksIn({ ...authorization })).toEqual([]);
});

test('I5 nor any error on the way', async () => {
  const keytar = new FakeKeytar();
  for (const call of ['getPassword', 'setPassword', 'deletePassword'] as const) {
    keytar.on(call, fails(`failed with ${CANARY} in hand`));
  }
  const keychain = new KeychainStore({ platform: 'darwin', load: () => keytar });
  const key = Buffer.from(CANARY);
  const passphrase = async () => Buffer.from('correct horse');
  const file = new FileStore({ dataDir: join('/nonexistent', 'folder'), profile: 'openai', passphrase });
  const env = new EnvStore({ OPENAI_API_KEY: `${CANARY} and more` });
  const failing = [
    () => keychain.set(key),
    () => keychain.get(),
    () => keychain.remove(),
    () => keychain.set(Buffer.from(`${CANARY}\n`)),
    () => file.set(key),
    () => env.get(),
    () => env.set(),
    async () => (await loadedRing()).ring.replace(Buffer.from(`${CANARY} and more`)),
  ];
  for (const work of failing) expect(leaksIn(await errorOf(work))).toEqual([]);

  const { ring } = await loadedRing(new ScriptedStore(new Error(`lost ${CANARY}`)));
  expect(leaksIn([ring.state, ring.authorization()])).toEqual([]);
});
