import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeWithKeyring, Keyring } from '../../helpers/keyring.ts';
import { type Answer, CANARY, KEYCHAIN_CHILD, type Question } from './keychain-protocol.ts';

describeWithKeyring('on a machine without a working keychain', () => {
  let keyring: Keyring;

  beforeAll(async () => {
    keyring = await Keyring.start({ service: false });
  });

  afterAll(() => keyring?.stop());

  async function outcomes(env: Readonly<Record<string, string | undefined>>): Promise<Answer[]> {
    const child = keyring.node(KEYCHAIN_CHILD, env);
    const questions: Question[] = [{ op: 'get' }, { op: 'set', key: CANARY }, { op: 'remove' }];
    const answers: Answer[] = [];
    for (const question of questions) answers.push(await child.ask<Answer>(question));
    expect(await child.close()).toMatchObject({ exit: 0 });
    return answers;
  }

  test('F22 no library', async () => {
    // The loader takes this one first and cannot use it, as it cannot use one that is not there.
    const libraries = join(keyring.dir, 'lib');
    await mkdir(libraries);
    await writeFile(join(libraries, 'libsecret-1.so.0'), '');
    for (const answer of await outcomes({ LD_LIBRARY_PATH: libraries })) {
      expect(answer).toMatchObject({ ok: false, code: 'keychain_no_library' });
      expect(answer.message).toMatch(/\(libsecret-1\.so\.0: file too short\)/);
    }
  });

  test.each([
    ['no address and no user bus', { DBUS_SESSION_BUS_ADDRESS: undefined }],
    ['no address and no runtime folder', { DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: undefined }],
    ['an address where nobody listens', { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' }],
    ['an address that is switched off', { DBUS_SESSION_BUS_ADDRESS: 'disabled:' }],
  ])('F22 no bus: %s', async (_, env) => {
    for (const answer of await outcomes(env)) {
      expect(answer).toMatchObject({ ok: false, code: 'keychain_no_bus' });
      expect(answer.tookMs).toBeLessThan(10_000);
    }
  });

  test('F22 a bus that died and left its socket', async () => {
    const other = await Keyring.start({ service: false });
    const left = join(keyring.dir, 'left');
    await mkdir(left);
    await other.stop();
    await writeFile(join(left, 'bus'), '');
    for (const answer of await outcomes({ DBUS_SESSION_BUS_ADDRESS: `unix:path=${left}/bus` })) {
      expect(answer).toMatchObject({ ok: false, code: 'keychain_no_bus' });
    }
    await rm(left, { recursive: true });
  });

  test('F22 a bus without a service', async () => {
    for (const answer of await outcomes({})) {
      expect(answer).toMatchObject({ ok: false, code: 'keychain_no_service' });
      expect(answer.tookMs).toBeLessThan(10_000);
    }
    expect(keyring.prompted).toBe(false);
  });

  test('F22 a service without a default keyring has no key and says what to create', async () => {
    const fresh = await Keyring.start({ service: false });
    const child = fresh.node(KEYCHAIN_CHILD);
    try {
      await fresh.startWithoutKeyring();
      expect(await child.ask({ op: 'get' })).toMatchObject({ ok: true, value: null });
      expect(await child.ask({ op: 'remove' })).toMatchObject({ ok: true, value: false });
      const answer = await child.ask<Answer>({ op: 'set', key: CANARY });
      expect(answer).toMatchObject({ ok: false, code: 'keychain_failed' });
      expect(answer.message).toMatch(/no default keyring/);
      expect(fresh.prompted).toBe(false);
    } finally {
      await child.close();
      await fresh.stop();
    }
  });
});
