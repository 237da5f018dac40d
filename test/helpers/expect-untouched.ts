import { expect } from 'vitest';
import { untilIdle } from './ledger.ts';
import { CANARY_KEY, openTollgate, type Tollgate, type TollgateOptions } from './open-tollgate.ts';
import { sendWire, type WireAnswer, type WireOptions, type WireRequest, wireRequest } from './wire.ts';

/** A chat that is in order, as the bytes of its body. */
export const GOOD_CHAT = JSON.stringify({
  model: 'gpt-5.4-mini',
  max_completion_tokens: 16,
  messages: [{ role: 'user', content: 'Say hello' }],
});

/** An engine under attack: an app whose token the attacker has, and a bystander who must not notice. */
export interface Target {
  readonly tollgate: Tollgate;
  readonly port: number;
  /** Of the app `victim`. */
  readonly token: string;
  /** Of the app `bystander`. */
  readonly bystander: string;
  /** Headers of a request that would be in order. */
  readonly goodHeaders: readonly string[];
  /** Sends one request of our own making and resolves with its answer. */
  send(request: WireRequest, options?: WireOptions): Promise<WireAnswer>;
  close(): Promise<void>;
}

/** The caller closes it. */
export async function openTarget(options: TollgateOptions = {}): Promise<Target> {
  const tollgate = await openTollgate(options);
  const token = await tollgate.createApp('victim', ['usd=5/day']);
  const bystander = await tollgate.createApp('bystander', ['usd=5/day']);
  return {
    tollgate,
    port: tollgate.port,
    token,
    bystander,
    goodHeaders: [`Authorization: Bearer ${token}`, 'Content-Type: application/json'],
    send: (request, wire) => sendWire(tollgate.port, wireRequest(tollgate.port, request), wire),
    close: () => tollgate.close(),
  };
}

/**
 * What every attack has in common: while it ran, no request reached OpenAI and no money moved, neither on
 * OpenAI's bill nor in the ledger, and the next good request of somebody else goes through as ever.
 */
export async function expectUntouched<Result>(
  target: Target,
  attack: () => Promise<Result>,
): Promise<Result> {
  const { tollgate, bystander } = target;
  const { openai } = tollgate;
  const before = await standing(tollgate);
  const result = await attack();
  const answer = await tollgate.post(bystander, '/chat/completions', JSON.parse(GOOD_CHAT));
  expect(answer.status, 'the next good request').toBe(200);
  await answer.arrayBuffer();
  await untilIdle(tollgate);
  const after = await standing(tollgate);
  // The good request is the only thing that happened, and comes after everything the attack may have sent.
  expect(openai.received.length - before.received, 'requests that reached OpenAI').toBe(1);
  const cost = openai.bill.rows.at(-1)?.costNanoUsd ?? 0;
  expect(after.billed - before.billed, 'billed by OpenAI').toBe(cost);
  expect(after.booked - before.booked, 'booked in the ledger').toBe(cost);
  expect(after.requests - before.requests, 'requests booked').toBe(1);
  expect(after.held, 'held').toBe(0);
  return result;
}

async function standing(tollgate: Tollgate) {
  const { total } = await tollgate.client.usage.report({ by: 'app' });
  return {
    received: tollgate.openai.received.length,
    billed: tollgate.openai.bill.totalNanoUsd(),
    booked: total.costNanoUsd,
    requests: total.requests,
    held: total.heldNanoUsd,
  };
}

/** An attack that is one request, and gets one of these statuses and codes of ours. */
export async function expectRefused(
  target: Target,
  attack: () => Promise<WireAnswer>,
  expected: { readonly status: number | readonly number[]; readonly code?: string },
): Promise<WireAnswer> {
  const answer = await expectUntouched(target, attack);
  const statuses = [expected.status].flat();
  expect(statuses, `${answer.status} ${answer.body}`).toContain(answer.status);
  if (expected.code !== undefined) expect(answer.headers['x-tollgate-error']).toBe(expected.code);
  expectOurError(target.tollgate, answer);
  return answer;
}

/** OpenAI's error shape, marked as ours, and telling nothing that is nobody's business. */
export function expectOurError(tollgate: Tollgate, answer: WireAnswer): void {
  const { headers, body } = answer;
  expect(headers['x-tollgate-error']).toMatch(/^[a-z_]+$/);
  expect(headers['x-tollgate-request-id']).toMatch(/^tgr_[0-9a-z]+$/);
  expect(headers['content-type']).toBe('application/json');
  expect(Object.keys(headers).filter((name) => /^(access-control-|set-cookie)/.test(name))).toEqual([]);
  if (body !== '') {
    expect(JSON.parse(body)).toEqual({
      error: {
        message: expect.any(String),
        type: expect.any(String),
        param: expect.toBeOneOf([null, expect.any(String)]),
        code: expect.any(String),
      },
    });
  }
  expectNoSecrets(tollgate, answer.text);
}

/** Neither the key in parts of 12 characters, nor a path, a stack, a version or a process id. */
export function expectNoSecrets(tollgate: Tollgate, text: string): void {
  const windows = Array.from({ length: CANARY_KEY.length - 11 }, (_, at) => CANARY_KEY.slice(at, at + 12));
  expect(windows.filter((part) => text.includes(part))).toEqual([]);
  const { version, dataDir } = { version: tollgate.engine.version, dataDir: tollgate.dataDir };
  for (const secret of [dataDir, process.cwd(), 'node_modules', 'node:internal']) {
    expect(text).not.toContain(secret);
  }
  // A process may have the number of a year or of a status.
  const undated = text.replace(/^HTTP\/1\.1 \d+ |^date: .*$/gim, '');
  expect(undated).not.toContain(` ${process.pid} `);
  expect(text).not.toMatch(/^\s+at .+:\d+:\d+/m);
  expect(text).not.toContain(`tollgate ${version}`);
}
