import { readdir, readFile } from 'node:fs/promises';
import { afterEach, expect, test } from 'vitest';
import { describeWithKeyring, Keyring, type LineClient } from '../../helpers/keyring.ts';
import { type Answer, CANARY, KEYCHAIN_CHILD, type Question } from './keychain-protocol.ts';

describeWithKeyring('with a keychain that does not answer', () => {
  let keyring: Keyring;
  let child: LineClient;
  const ask = (question: Question): Promise<Answer> => child.ask(question);

  afterEach(async () => {
    await child?.close();
    await keyring?.stop();
  });

  test('F22 every operation ends within its limit, the process can end, and it works again later', async () => {
    keyring = await Keyring.start();
    child = keyring.node(KEYCHAIN_CHILD);
    await ask({ op: 'set', key: CANARY });
    keyring.freeze();
    for (const op of ['get', 'set', 'remove'] as const) {
      const answer = await ask({ op, key: CANARY, timeoutMs: 300 });
      expect(answer).toMatchObject({ ok: false, code: 'keychain_timeout' });
      expect(answer.message).toMatch(/within 0\.3 seconds/);
      expect(answer.tookMs).toBeLessThan(10_000);
    }
    keyring.thaw();
    expect(await ask({ op: 'get' })).toMatchObject({ ok: true, value: CANARY });

    keyring.freeze();
    expect(await ask({ op: 'get', timeoutMs: 300 })).toMatchObject({ code: 'keychain_timeout' });
    // A call of keytar in the pool would hold the exit up for 50 seconds.
    const end = await child.close();
    expect(end.exit).toBe(0);
    expect(end.tookMs).toBeLessThan(10_000);
    expect(child.stderr).toBe('');
  });

  test('F22 a prompt that nobody answers is a time-out and does not hold up the end of the process', async () => {
    keyring = await Keyring.start({ prompt: 'hangs' });
    child = keyring.node(KEYCHAIN_CHILD);
    await ask({ op: 'set', key: CANARY });
    await keyring.lock();
    const answer = await ask({ op: 'get', mayPrompt: true, timeoutMs: 2_000 });
    expect(answer).toMatchObject({ ok: false, code: 'keychain_timeout' });
    expect(answer.tookMs).toBeLessThan(10_000);
    expect(keyring.prompted).toBe(true);
    const end = await child.close();
    expect(end.exit).toBe(0);
    expect(end.tookMs).toBeLessThan(10_000);
    expect(child.stderr).toBe('');
  });

  test('T4 I5 the key is in no command line and no environment while it is being stored', async () => {
    keyring = await Keyring.start({ prompt: 'hangs' });
    child = keyring.node(KEYCHAIN_CHILD);
    await keyring.lock();
    const storing = ask({ op: 'set', key: CANARY, mayPrompt: true, timeoutMs: 3_000 });
    await expect.poll(() => keyring.prompted, { timeout: 10_000 }).toBe(true);
    const seen = await commandLinesAndEnvironments();
    expect(seen).toContain('setPassword');
    expect(seen).not.toContain(CANARY.slice(8, 20));
    expect(await storing).toMatchObject({ ok: false, code: 'keychain_timeout' });
  });
});

/** Of every process that may be looked at. */
async function commandLinesAndEnvironments(): Promise<string> {
  const seen: string[] = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    for (const file of ['cmdline', 'environ']) {
      // Processes end while they are looked at, and not all are ours.
      seen.push(await readFile(`/proc/${pid}/${file}`, 'latin1').catch((error: Error) => error.message));
    }
  }
  return seen.join('\n');
}
