import { afterEach, expect, test } from 'vitest';
import { describeWithKeyring, Keyring, type KeyringOptions, type LineClient } from '../../helpers/keyring.ts';
import { type Answer, CANARY, KEYCHAIN_CHILD, type Question } from './keychain-protocol.ts';

describeWithKeyring('with a keyring that is locked', () => {
  let keyring: Keyring;
  let child: LineClient;
  const ask = (question: Question): Promise<Answer> => child.ask(question);

  async function start(options?: KeyringOptions): Promise<void> {
    keyring = await Keyring.start(options);
    child = keyring.node(KEYCHAIN_CHILD);
  }

  afterEach(async () => {
    expect(await child?.close()).toMatchObject({ exit: 0 });
    await keyring?.stop();
  });

  test('F22 says locked, whether there is a key or not, and asks nobody for a password', async () => {
    await start();
    await ask({ op: 'set', key: CANARY });
    await keyring.lock();
    const locked = { ok: false, code: 'keychain_locked' };
    expect(await ask({ op: 'get' })).toMatchObject(locked);
    expect(await ask({ op: 'get', profile: 'other' })).toMatchObject(locked);
    expect(await ask({ op: 'set', key: 'sk-new-0123456789abcdef' })).toMatchObject(locked);
    expect(await ask({ op: 'remove' })).toMatchObject(locked);
    expect(keyring.prompted).toBe(false);

    await keyring.unlock();
    expect(await ask({ op: 'get' })).toMatchObject({ ok: true, value: CANARY });
    expect(await ask({ op: 'get', profile: 'other' })).toMatchObject({ ok: true, value: null });
  });

  test('F22 raises the prompt when a person waits for it; dismissed, it is still locked', async () => {
    await start();
    await ask({ op: 'set', key: CANARY });
    await keyring.lock();
    expect(await ask({ op: 'get', mayPrompt: true })).toMatchObject({ ok: false, code: 'keychain_locked' });
    expect(keyring.prompted).toBe(true);
    expect(await ask({ op: 'set', key: 'sk-new-0123456789abcdef', mayPrompt: true })).toMatchObject({
      ok: false,
      code: 'keychain_locked',
    });
    expect(await ask({ op: 'remove', mayPrompt: true })).toMatchObject({ ok: false });
  });

  test('opens a keyring without a password, as people with an automatic login have', async () => {
    await start({ blank: true });
    expect(await ask({ op: 'get' })).toMatchObject({ ok: true, value: null });
    await keyring.unlock(); // a new login: it counts as locked again
    expect(await ask({ op: 'set', key: CANARY })).toMatchObject({ ok: true });
    await keyring.unlock();
    expect(await ask({ op: 'get' })).toMatchObject({ ok: true, value: CANARY });
    expect(keyring.prompted).toBe(false);
  });
});
