import { expect, test } from 'vitest';
import { until } from '../helpers/until.ts';
import { openDesktopHome } from './helpers/open-desktop-home.ts';
import { pageCall } from './helpers/page-call.ts';

test('events of the engine reach the page one by one as they happen, until it leaves', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  const token = await home.createApp('notebook', ['usd=1/day']);
  const away = new AbortController();
  const answer = await pageCall(
    desktop,
    '/rpc/events/follow',
    { kinds: ['requests'] },
    { signal: away.signal },
  );
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toMatch(/^text\/event-stream/);
  let seen = '';
  const read = (async () => {
    for await (const chunk of answer.body ?? []) seen += Buffer.from(chunk).toString();
  })().catch(() => undefined);
  // The state of the engine comes first, before anything happens.
  await until(() => seen.includes('"kind":"engine"'), 20_000);
  expect(seen).not.toContain('"kind":"requests"');
  await (await home.chat(token)).text();
  await until(() => seen.includes('"outcome":"settled"'), 20_000);

  const connections = async (): Promise<number> => Number(await desktop.order('engine.connections'));
  const before = await connections();
  away.abort();
  await read;
  await until(async () => (await connections()) < before, 20_000);
}, 180_000);

test('what the page sends is bounded, and only what a call needs goes on', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  const large = await pageCall(desktop, '/rpc/engine/status', 'x'.repeat(2 * 1024 * 1024));
  expect(large.status).toBe(413);
  expect(await large.json()).toMatchObject({ json: { defined: true, code: 'body_too_large' } });
  const fine = await pageCall(desktop, '/rpc/engine/status', undefined, {
    headers: { cookie: 'a=b', authorization: 'Bearer x', 'x-forwarded-host': 'evil' },
  });
  expect(fine.status).toBe(200);
  expect([...fine.headers.keys()]).not.toContain('set-cookie');
  expect((await pageCall(desktop, '/rpc/engine/nothing')).status).toBe(404);
  expect((await pageCall(desktop, '/shell/nothing')).status).toBe(404);
}, 180_000);

test('without an engine a call says so, in the words of the table', async () => {
  const home = await openDesktopHome();
  const desktop = await home.start();
  await desktop.untilTray(/^Running/);
  await desktop.order('engine.kill');
  await desktop.untilTray(/^Not running/);
  const answer = await pageCall(desktop, '/rpc/engine/status');
  expect(answer.status).toBe(503);
  const { json } = (await answer.json()) as { json: { code: string; message: string; data: unknown } };
  expect(json.code).toBe('engine_not_running');
  expect(JSON.stringify(json)).not.toMatch(/sock|ECONN|\/tmp/);
}, 180_000);
