import { createInterface } from 'node:readline';
import { AppError } from '../../../proxy/contract/errors.ts';
import { fingerprint } from '../../../proxy/keys/fingerprint.ts';
import { KeyRing } from '../../../proxy/keys/key-ring.ts';
import { KeychainStore } from '../../../proxy/keys/keychain-store.ts';
import type { Answer, Question } from './keychain-protocol.ts';

/**
 * A process of its own that uses the keychain, as keytar takes the bus from the environment of its
 * process. One question a line in, one answer a line out.
 */
const clock = { nowMs: 0 };
let ring: KeyRing | null = null;
process.on('unhandledRejection', (error) => {
  process.stderr.write(`unhandled rejection: ${String(error)}\n`);
  process.exit(70);
});

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await answer(JSON.parse(line) as Question))}\n`);
}
process.exit(0);

async function answer(question: Question): Promise<Answer> {
  const startMs = performance.now();
  try {
    const value = await act(question);
    return { ok: true, value, tookMs: performance.now() - startMs };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { ok: false, code: error.code, message: error.message, tookMs: performance.now() - startMs };
  }
}

async function act(question: Question): Promise<string | boolean | null> {
  const store = new KeychainStore({
    timeoutMs: question.timeoutMs ?? 10_000,
    mayPrompt: question.mayPrompt ?? false,
    ...(question.profile === undefined ? {} : { profile: question.profile }),
  });
  switch (question.op) {
    case 'get':
      return (await store.get())?.toString('utf8') ?? null;
    case 'set':
      await store.set(Buffer.from(question.key ?? ''));
      return null;
    case 'remove':
      return store.remove();
    case 'fingerprint': {
      const key = await store.get();
      return key === null ? null : fingerprint(key);
    }
    case 'ring-authorize': {
      clock.nowMs += question.afterMs ?? 0;
      ring ??= new KeyRing({ store, now: () => clock.nowMs, recheckAfterMs: 60_000 });
      const authorization = await ring.recover();
      return authorization.ok ? authorization.value : `${authorization.code}: ${authorization.problem}`;
    }
    case 'ring-reload':
      return (await ring?.reload())?.status ?? 'no ring';
  }
}
