import { expect, it } from 'vitest';
import { until } from '../../helpers/until.ts';
import { openSimulation, post } from './simulation-fixture.ts';
import { openSocket } from './socket-fixture.ts';

const CREATE = { type: 'response.create', model: 'gpt-4o', input: 'Write 60 tokens.' };
const BODY = { model: 'gpt-4o', input: 'hi' };
const outputOf = (usage: unknown): number => (usage as { output_tokens: number }).output_tokens;

it('F16 is refused with a status instead of the upgrade', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ path: '/responses', fault: { kind: 'socket-refuse', status: 503 } });
  faults.add({ path: '/responses', fault: { kind: 'rate-limit' } });
  faults.add({ path: '/responses', fault: { kind: 'unauthorized' } });
  await expect(openSocket(baseUrl, '/responses')).rejects.toThrow('503');
  await expect(openSocket(baseUrl, '/responses')).rejects.toThrow('429');
  await expect(openSocket(baseUrl, '/responses')).rejects.toThrow('401');
  await openSocket(baseUrl, '/responses');
  expect(bill.rows).toEqual([]);
});

it('leaves rules for sockets to sockets', async () => {
  const { baseUrl, faults } = await openSimulation();
  faults.add({ path: '/responses', fault: { kind: 'socket-refuse', status: 503 } });
  expect((await post(baseUrl, '/responses', BODY)).status).toBe(200);
  await expect(openSocket(baseUrl, '/responses')).rejects.toThrow('503');
});

it('F14 is reset after so many events, and billed for what was generated', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ fault: { kind: 'socket-reset-after-events', events: 10 } });
  const socket = await openSocket(baseUrl, '/responses');
  socket.ws.removeAllListeners('error').on('error', () => undefined);
  socket.send(CREATE);
  expect(await socket.closed()).toBe(1006);
  expect(socket.frames).toHaveLength(10);
  await until(() => bill.rows.length > 0);
  // Four events come before the first text.
  expect(bill.rows).toMatchObject([{ status: 'failed', usage: { output_tokens: 6 } }]);
});

it('F14 is closed with a code after so many events', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ fault: { kind: 'socket-close-after-events', events: 5, code: 1012 } });
  faults.add({ fault: { kind: 'socket-close-after-events', events: 0 } });
  const socket = await openSocket(baseUrl, '/responses');
  socket.send(CREATE);
  expect(await socket.closed()).toBe(1012);
  expect(socket.frames).toHaveLength(5);
  expect(bill.rows).toMatchObject([{ status: 'failed', usage: { output_tokens: 1 } }]);
  const other = await openSocket(baseUrl, '/responses');
  expect(await other.closed()).toBe(1011);
});

it('F15 hangs after so many events, and says nothing more', async () => {
  const { baseUrl, bill, faults } = await openSimulation({ tokensPerSecond: 200 });
  faults.add({ fault: { kind: 'socket-hang-after-events', events: 8 } });
  const socket = await openSocket(baseUrl, '/responses');
  socket.send(CREATE);
  await until(() => socket.frames.length === 8);
  socket.send(CREATE);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([socket.frames.length, socket.ws.readyState]).toEqual([8, socket.ws.OPEN]);
  expect(bill.rows.map((each) => [each.status, outputOf(each.usage)])).toEqual([['failed', 4]]);
});

it.each([
  ['zero', '"usage":{"input_tokens":0,'],
  ['null', '"usage":null'],
  ['nan', '"usage":{"input_tokens":NaN,'],
  ['above-bound', '"output_tokens":1060000,'],
] as const)('A54 falsifies the usage of the last event: %s', async (as, text) => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ fault: { kind: 'socket-usage', as } });
  const socket = await openSocket(baseUrl, '/responses');
  socket.send(CREATE);
  await until(() => socket.texts.some((each) => each.includes('"response.completed"')));
  expect(socket.texts.at(-1)).toContain(text);
  expect(bill.rows).toMatchObject([{ status: 'completed', usage: { output_tokens: 60 } }]);
});

it('A54 leaves the usage out of the last event, or says it twice', async () => {
  const { baseUrl, faults } = await openSimulation();
  faults.add({ fault: { kind: 'socket-usage', as: 'missing' } });
  faults.add({ fault: { kind: 'socket-usage', as: 'twice' } });
  const missing = await openSocket(baseUrl, '/responses');
  missing.send(CREATE);
  expect((await missing.next('response.completed')).response).not.toHaveProperty('usage');
  const twice = await openSocket(baseUrl, '/responses');
  twice.send(CREATE);
  await twice.next('response.completed');
  expect(twice.texts.at(-1)?.match(/"usage":\{/g)).toHaveLength(2);
});

it('answers, and bills, as another model or tier', async () => {
  const { baseUrl, bill, faults } = await openSimulation();
  faults.add({ fault: { kind: 'response-model', model: 'gpt-4o-mini' } });
  const socket = await openSocket(baseUrl, '/responses');
  socket.send(CREATE);
  const { response } = await socket.next('response.completed');
  expect(response.model).toBe('gpt-4o-mini');
  expect(bill.totalNanoUsd()).toBe(response.usage.input_tokens * 150 + 60 * 600);
});

it('F15 opens late, or never', async () => {
  const { baseUrl, faults } = await openSimulation();
  faults.add({ fault: { kind: 'latency', ms: 60 } });
  faults.add({ fault: { kind: 'reset-before-headers' } });
  const startedAtMs = performance.now();
  await openSocket(baseUrl, '/responses');
  expect(performance.now() - startedAtMs).toBeGreaterThan(55);
  await expect(openSocket(baseUrl, '/responses')).rejects.toThrow(/ECONNRESET|hang up/);
});
