import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithKeyring, Keyring, type LineClient } from '../../helpers/keyring.ts';
import { type Answer, CANARY, KEYCHAIN_CHILD, type Question } from './keychain-protocol.ts';

describeWithKeyring('with a gnome-keyring of its own', () => {
  let keyring: Keyring;
  let child: LineClient;
  const ask = (question: Question): Promise<Answer> => child.ask(question);

  beforeAll(async () => {
    keyring = await Keyring.start();
    child = keyring.node(KEYCHAIN_CHILD);
  });

  afterAll(async () => {
    expect(await child?.close()).toMatchObject({ exit: 0 });
    await keyring?.stop();
  });

  test('sets, gets, replaces and removes, and knows when there is none', async () => {
    expect(await ask({ op: 'get' })).toMatchObject({ ok: true, value: null });
    expect(await ask({ op: 'remove' })).toMatchObject({ ok: true, value: false });
    expect(await ask({ op: 'set', key: 'sk-first-0123456789abcdef' })).toMatchObject({ ok: true });
    expect(await ask({ op: 'set', key: CANARY })).toMatchObject({ ok: true });
    expect(await ask({ op: 'get' })).toMatchObject({ ok: true, value: CANARY });
    expect(await ask({ op: 'get', profile: 'other' })).toMatchObject({ ok: true, value: null });
    expect(await ask({ op: 'remove' })).toMatchObject({ ok: true, value: true });
    expect(await ask({ op: 'get' })).toMatchObject({ ok: true, value: null });
  });

  test('keeps a key of the largest size', async () => {
    const key = `sk-${'x'.repeat(509)}`;
    expect(await ask({ op: 'set', key })).toMatchObject({ ok: true });
    expect(await ask({ op: 'get' })).toMatchObject({ value: key });
    expect(await ask({ op: 'remove' })).toMatchObject({ value: true });
  });

  test('stores where other programs expect it: service tollgate, account = profile', async () => {
    await ask({ op: 'set', key: CANARY });
    expect(await keyring.tool(['lookup', 'service', 'tollgate', 'account', 'openai'])).toBe(CANARY);
    await ask({ op: 'remove' });
  });

  test('survives items of its service that have no account', async () => {
    // findPassword and findCredentials crash the process here.
    await keyring.tool(['store', '--label=stray', 'service', 'tollgate'], 'not ours');
    await keyring.tool(['store', '--label=stray', 'service', 'tollgate', 'colour', 'red'], 'not ours either');
    expect(await ask({ op: 'get' })).toMatchObject({ ok: true, value: null });
    expect(await ask({ op: 'set', key: CANARY })).toMatchObject({ ok: true });
    expect(await ask({ op: 'get' })).toMatchObject({ ok: true, value: CANARY });
    expect(await ask({ op: 'remove' })).toMatchObject({ ok: true, value: true });
    expect(await ask({ op: 'get' })).toMatchObject({ ok: true, value: null });
    expect(await keyring.tool(['lookup', 'service', 'tollgate', 'colour', 'red'])).toBe('not ours either');
  });

  test('reads a key that a person stored with another program', async () => {
    const attributes = ['service', 'tollgate', 'account', 'openai'];
    const schema = ['xdg:schema', 'org.freedesktop.Secret.Generic'];
    await keyring.tool(['store', '--label=by hand', ...attributes, ...schema], CANARY);
    expect(await ask({ op: 'get' })).toMatchObject({ ok: true, value: CANARY });
    expect(await ask({ op: 'remove' })).toMatchObject({ ok: true, value: true });
  });

  test('finds the user bus where the environment has no address', async () => {
    await symlink(join(keyring.dir, 'bus'), join(keyring.env['XDG_RUNTIME_DIR'] ?? '', 'bus'));
    const other = keyring.node(KEYCHAIN_CHILD, { DBUS_SESSION_BUS_ADDRESS: undefined });
    await ask({ op: 'set', key: CANARY });
    expect(await other.ask({ op: 'get' })).toMatchObject({ ok: true, value: CANARY });
    await other.close();
  });
});
