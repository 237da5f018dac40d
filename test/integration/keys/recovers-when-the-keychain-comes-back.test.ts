import { afterEach, beforeEach, expect, test } from 'vitest';
import { describeWithKeyring, Keyring, type LineClient } from '../../helpers/keyring.ts';
import { type Answer, CANARY, KEYCHAIN_CHILD, type Question } from './keychain-protocol.ts';

const LATER_MS = 5_000;

describeWithKeyring('while the process runs on', () => {
  let keyring: Keyring;
  let child: LineClient;
  const ask = (question: Question): Promise<Answer> => child.ask(question);
  const authorize = async (afterMs = LATER_MS): Promise<unknown> =>
    (await ask({ op: 'ring-authorize', afterMs })).value;

  beforeEach(async () => {
    keyring = await Keyring.start();
    child = keyring.node(KEYCHAIN_CHILD);
  });

  afterEach(async () => {
    expect(await child?.close()).toMatchObject({ exit: 0 });
    expect(child?.stderr).toBe('');
    await keyring?.stop();
  });

  test('F22 locked at the start, unlocked later', async () => {
    await ask({ op: 'set', key: CANARY });
    await keyring.lock();
    expect(await authorize()).toBe('key_unavailable: the keychain is locked');
    await keyring.unlock();
    expect(await authorize(100)).toBe('key_unavailable: the keychain is locked');
    expect(await authorize()).toBe(`Bearer ${CANARY}`);
    await keyring.lock();
    expect(await authorize(3_600_000)).toBe(`Bearer ${CANARY}`);
  });

  test('F22 the key deleted in the keychain while it is in use', async () => {
    await ask({ op: 'set', key: CANARY });
    expect(await authorize()).toBe(`Bearer ${CANARY}`);
    await keyring.tool(['clear', 'service', 'tollgate', 'account', 'openai']);
    expect(await ask({ op: 'ring-reload' })).toMatchObject({ value: 'missing' });
    expect(await authorize()).toBe('key_unavailable: none is stored');
    await ask({ op: 'set', key: CANARY });
    expect(await authorize()).toBe(`Bearer ${CANARY}`);
  });

  test('F22 the key deleted, noticed by itself after a minute of use', async () => {
    await ask({ op: 'set', key: CANARY });
    expect(await authorize()).toBe(`Bearer ${CANARY}`);
    await keyring.tool(['clear', 'service', 'tollgate', 'account', 'openai']);
    expect(await authorize(59_000)).toBe(`Bearer ${CANARY}`);
    expect(await authorize(1_000)).toBe(`Bearer ${CANARY}`);
    await expect.poll(() => authorize(0), { timeout: 10_000 }).toBe('key_unavailable: none is stored');
  });

  test('F22 the service dead, and started again', async () => {
    await ask({ op: 'set', key: CANARY });
    await keyring.killService();
    for (const op of ['get', 'set', 'remove'] as const) {
      expect(await ask({ op, key: CANARY })).toMatchObject({ ok: false, code: 'keychain_no_service' });
    }
    expect(await authorize()).toMatch(/^key_unavailable: no keychain service/);
    await keyring.unlock();
    // libsecret in this process still talks to the service that died; a child takes over.
    expect(await authorize()).toBe(`Bearer ${CANARY}`);
    expect(await ask({ op: 'set', key: `${CANARY}2` })).toMatchObject({ ok: true });
    expect(await ask({ op: 'get' })).toMatchObject({ ok: true, value: `${CANARY}2` });
    expect(await ask({ op: 'remove' })).toMatchObject({ ok: true, value: true });
    expect(await ask({ op: 'get' })).toMatchObject({ ok: true, value: null });
  });
});
