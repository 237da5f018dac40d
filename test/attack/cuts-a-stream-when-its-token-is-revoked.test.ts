import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, GOOD_CHAT, openTarget, type Target } from '../helpers/expect-untouched.ts';
import { heldBy, onlyRowOf, untilIdle } from '../helpers/ledger.ts';
import { until } from '../helpers/until.ts';
import { wireRequest } from '../helpers/wire.ts';

let target: Target;
beforeAll(async () => {
  // Slow enough that no stream of these tests ends by itself.
  target = await openTarget({ openai: { tokensPerSecond: 20 } });
});
afterAll(() => target.close());

const LONG = {
  model: 'gpt-5.4-mini',
  stream: true,
  max_completion_tokens: 2_000,
  messages: [{ role: 'user', content: 'Tell me everything' }],
};

type Client = Target['tollgate']['client'];
const ENDINGS: readonly [string, (client: Client, app: string) => Promise<unknown>, number, string][] = [
  ['rotated', (client, app) => client.apps.rotate({ app }), 401, 'invalid_app_token'],
  ['removed', (client, app) => client.apps.remove({ app }), 401, 'invalid_app_token'],
  ['paused', (client, app) => client.apps.pause({ app }), 403, 'app_paused'],
];

test.each(ENDINGS)(
  'A30 an app that is %s loses its stream at once, and OpenAI stops',
  async (name, end, status, code) => {
    const { client, createApp, openai } = target.tollgate;
    const app = `cut-${name}`;
    const token = await createApp(app, ['usd=1/day']);
    const bills = openai.bill.rows.length;
    const answer = await target.tollgate.post(token, '/chat/completions', LONG);
    expect(answer.status).toBe(200);
    const reader = answer.body?.getReader();
    await reader?.read();
    expect(await heldBy(target.tollgate, app)).toBeGreaterThan(0);

    await end(client, app);
    let tail = '';
    for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
      tail += Buffer.from(part.value).toString();
    }
    expect(tail).toContain('"error"');
    expect(tail).not.toContain('[DONE]');
    await untilIdle(target.tollgate);
    // OpenAI notices a moment later.
    await until(() => openai.bill.rows.length > bills);
    const billed = openai.bill.rows.at(-1);
    expect(billed?.status).toBe('aborted');
    if (name !== 'removed') {
      expect(await heldBy(target.tollgate, app)).toBe(0);
      const row = await onlyRowOf(target.tollgate, app);
      expect(row.costNanoUsd).toBeGreaterThanOrEqual(billed?.costNanoUsd ?? Number.POSITIVE_INFINITY);
    }
    const headers = [`Authorization: Bearer ${token}`, 'Content-Type: application/json'];
    await expectRefused(target, () => target.send({ headers, body: GOOD_CHAT }), { status, code });
  },
);

test('A30 a connection that was let in before has to show its token again', async () => {
  const { client, createApp } = target.tollgate;
  const token = await createApp('keep-alive', ['usd=1/day']);
  const request = { method: 'GET', target: '/v1/models', headers: [`Authorization: Bearer ${token}`] };
  const socket = connect({ port: target.port, host: '127.0.0.1' });
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
  });
  socket.write(wireRequest(target.port, request));
  await until(() => text.includes('"object"'));
  await client.apps.rotate({ app: 'keep-alive' });
  text = '';
  socket.write(wireRequest(target.port, request));
  await until(() => text.includes('invalid_app_token'));
  expect(text).toContain('HTTP/1.1 401');
  socket.destroy();
});
