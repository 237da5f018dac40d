import { expect, it } from 'vitest';
import { CHAT, KEY, openSimulation, post } from './simulation-fixture.ts';

const send = (url: string, body: unknown, method = 'POST') =>
  fetch(url, { method, body: typeof body === 'string' ? body : JSON.stringify(body) });

it('shows and resets the bill', async () => {
  const simulation = await openSimulation();
  const { origin } = new URL(simulation.baseUrl);
  await post(simulation.baseUrl, '/chat/completions', CHAT);
  const shown = await (await fetch(`${origin}/__bill`)).json();
  expect(shown).toEqual({ totalNanoUsd: simulation.bill.totalNanoUsd(), rows: simulation.bill.rows });
  await send(`${origin}/__bill/reset`, '');
  expect(await (await fetch(`${origin}/__bill`)).json()).toEqual({ totalNanoUsd: 0, rows: [] });
});

it('takes faults and forgets them', async () => {
  const { baseUrl } = await openSimulation();
  const { origin } = new URL(baseUrl);
  await send(`${origin}/__faults`, { pathPattern: 'chat', times: 2, fault: { kind: 'overloaded' } });
  expect((await post(baseUrl, '/chat/completions', CHAT)).status).toBe(503);
  await send(`${origin}/__faults`, '', 'DELETE');
  expect((await post(baseUrl, '/chat/completions', CHAT)).status).toBe(200);
  for (const wrong of ['{', { fault: {} }, [], { fault: 'x' }]) {
    expect((await send(`${origin}/__faults`, wrong)).status).toBe(400);
  }
});

it('rotates the key and shows what arrived', async () => {
  const { baseUrl } = await openSimulation();
  const { origin } = new URL(baseUrl);
  await send(`${origin}/__key`, { key: 'sk-other' });
  expect((await post(baseUrl, '/chat/completions', CHAT)).status).toBe(401);
  const { requests } = (await (await fetch(`${origin}/__received`)).json()) as {
    requests: { path: string; rawHeaders: string[]; body: string }[];
  };
  expect(requests).toHaveLength(1);
  expect(requests[0]?.path).toBe('/v1/chat/completions');
  expect(requests[0]?.rawHeaders).toContain(`Bearer ${KEY}`);
  expect(JSON.parse(Buffer.from(requests[0]?.body ?? '', 'base64').toString())).toEqual(CHAT);
  expect((await fetch(`${origin}/__nothing`)).status).toBe(404);
});
