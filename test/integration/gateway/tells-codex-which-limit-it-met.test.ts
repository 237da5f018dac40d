import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { openTestSocket } from '../../helpers/test-socket.ts';

/* Codex shows our message only where it comes in this form; test/clients shows that it does. */

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate({ now: () => Date.UTC(2026, 10, 25, 12), config: { zone: 'UTC' } });
});
afterAll(() => tollgate.close());

interface Refused {
  readonly status: number;
  readonly promo: string | null;
  readonly shouldRetry: string | null;
  readonly error: Readonly<Record<string, unknown>>;
}

async function refusedTo(originator: string | null, limit: string, app: string): Promise<Refused> {
  const token = await tollgate.createApp(app, [limit]);
  const body = { model: 'gpt-5.4-mini', input: 'Hi' };
  const headers: Record<string, string> = originator === null ? {} : { originator };
  const answer = await tollgate.post(token, '/responses', body, { headers });
  const { error } = (await answer.json()) as { error: Record<string, unknown> };
  return {
    status: answer.status,
    promo: answer.headers.get('x-codex-promo-message'),
    shouldRetry: answer.headers.get('x-should-retry'),
    error,
  };
}

test.each([['codex_exec'], ['codex_cli_rs'], ['codex_vscode'], ['codex-tui']])(
  '%s is told of a used-up limit as it is told of a used-up plan',
  async (originator) => {
    const refused = await refusedTo(originator, 'usd=0.000001/day', originator);
    const { error } = refused;
    expect(refused).toMatchObject({ status: 429, shouldRetry: 'false' });
    expect(error).toMatchObject({
      type: 'usage_limit_reached',
      code: 'insufficient_quota',
      resets_at: Date.UTC(2026, 10, 26) / 1_000,
    });
    // A sentence that it goes on with a comma.
    expect(`${refused.promo}.`).toBe(error['message']);
    expect(refused.promo).toContain(`for app "${originator}" would be exceeded`);
  },
);

test('a limit that does not reset names no time', async () => {
  const { error } = await refusedTo('codex_exec', 'usd=0.000001/total', 'forever');
  expect(error).not.toHaveProperty('resets_at');
  expect(error['type']).toBe('usage_limit_reached');
});

test.each([[null], ['codexample'], ['my_codex']])(
  '%s gets what every other client gets',
  async (originator) => {
    const refused = await refusedTo(originator, 'usd=0.000001/day', `other-${originator}`);
    expect(refused.promo).toBeNull();
    expect(Object.keys(refused.error)).toEqual(['message', 'type', 'param', 'code']);
    expect(refused.error).toMatchObject({ type: 'insufficient_quota', code: 'insufficient_quota' });
  },
);

test('codex is told of everything else like every other client', async () => {
  const token = await tollgate.createApp('paused');
  await tollgate.client.apps.pause({ app: 'paused' });
  const headers = { originator: 'codex_exec' };
  const answer = await tollgate.post(token, '/responses', {}, { headers });
  expect(answer.headers.get('x-codex-promo-message')).toBeNull();
  expect(await answer.json()).toMatchObject({ error: { code: 'app_paused', type: 'invalid_request_error' } });
});

async function refusedOnSocket(originator: string | null, app: string): Promise<Record<string, unknown>> {
  const token = await tollgate.createApp(app, ['usd=0.000001/day']);
  const headers: Record<string, string> = { authorization: `Bearer ${token}` };
  if (originator !== null) headers['originator'] = originator;
  const socket = await openTestSocket(tollgate.baseUrl, '/responses', { headers });
  socket.send({ type: 'response.create', model: 'gpt-5.4-mini', input: 'Hi' });
  return socket.next('error');
}

test('on a socket the frame brings it what the headers of an answer would', async () => {
  const frame = await refusedOnSocket('codex_exec', 'socket');
  expect(frame).toMatchObject({
    status: 429,
    error: { type: 'usage_limit_reached', resets_at: Date.UTC(2026, 10, 26) / 1_000 },
    headers: { 'x-codex-promo-message': expect.stringContaining('for app "socket" would be exceeded') },
  });
});

test('on a socket others get the frame that OpenAI would send', async () => {
  const frame = await refusedOnSocket(null, 'socket-of-others');
  expect(Object.keys(frame)).toEqual(['type', 'status', 'error']);
  expect(frame['error']).toMatchObject({ type: 'insufficient_quota' });
});
