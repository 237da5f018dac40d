import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, onTestFinished, test } from 'vitest';
import { openPage } from './helpers/open-page.ts';

/** A web site of somebody else's; resolves to its port. */
async function openOtherSite(): Promise<number> {
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>other</title><body>other</body>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** What a page can try against an origin that is not its own. Each resolves to what it has got of it. */
const TRIES: Readonly<Record<string, string>> = {
  'a call': `fetch(target + '/rpc/apps/create', { method: 'POST', body: call,
    headers: { 'content-type': 'application/json' } }).then((answer) => answer.text())`,
  'a call with the session of the user': `fetch(target + '/rpc/apps/create', { method: 'POST', body: call,
    headers: { 'content-type': 'application/json', 'x-tollgate-session': session } })
    .then((answer) => answer.text())`,
  'a simple call that needs no leave': `fetch(target + '/rpc/apps/create', { method: 'POST', mode: 'no-cors',
    body: call, headers: { 'content-type': 'text/plain' } }).then((answer) => answer.text())`,
  'the page': `fetch(target + '/').then((answer) => answer.text())`,
  'a script of the page': `new Promise((resolve, reject) => { const script = document.createElement('script');
    script.src = target + asset; script.onload = () => resolve('it ran'); script.onerror = reject;
    document.body.append(script) })`,
  'an image': `new Promise((resolve, reject) => { const image = new Image(); image.onload = () => resolve('seen');
    image.onerror = reject; image.src = target + '/favicon.svg' })`,
  'a beacon': `(navigator.sendBeacon(target + '/rpc/apps/create', call), Promise.resolve(''))`,
  'a socket': `new Promise((resolve, reject) => { const socket = new WebSocket(target.replace('http', 'ws') + '/rpc');
    socket.onopen = () => resolve('open'); socket.onerror = reject })`,
};

/** Of these, what the page itself may do: its policy leaves it no scripts of others. */
const OPEN_TO_ITSELF = ['a call with the session of the user', 'the page', 'an image'] as const;

interface Given {
  readonly target: string;
  readonly session: string;
  readonly asset: string;
  readonly call: string;
}

/** What a page gets by a try; empty for nothing. */
function attempt(page: Page, what: string, given: Given): Promise<string> {
  return page.evaluate<string>(
    `(({ target, session, asset, call }) => ${TRIES[what]})(${JSON.stringify(given)})
      .then((text) => String(text), () => '')`,
  );
}

test.each([
  ['T7 a page on another port', (port: number) => `http://127.0.0.1:${port}/`],
  ['T7 a page of another name', (port: number) => `http://other.localhost:${port}/`],
])('%s gets nothing of the dashboard', async (_name, addressOf) => {
  const { page, origin, tollgate } = await openPage();
  await page.getByRole('heading', { level: 1 }).waitFor();
  const session = await page.evaluate<string>(
    `Object.values(sessionStorage).find((value) => value.includes('tgs_'))?.match(/tgs_[\\w-]+/)?.[0] ?? ''`,
  );
  expect(session).toMatch(/^tgs_/);
  const asset = await page.evaluate<string>(`new URL(document.querySelector('script[src]').src).pathname`);
  const given = { target: origin, session, asset, call: JSON.stringify({ json: { name: 'stolen' } }) };
  const other = await page.context().newPage();
  await other.goto(addressOf(await openOtherSite()));
  for (const what of Object.keys(TRIES)) expect(await attempt(other, what, given), what).toBe('');
  expect((await tollgate.client.apps.list()).apps).toEqual([]);
  // The same from the page itself does reach it.
  for (const what of OPEN_TO_ITSELF) expect(await attempt(page, what, given), what).not.toBe('');
  expect((await tollgate.client.apps.list()).apps).toMatchObject([{ name: 'stolen' }]);
});

test('A26 the dashboard is shown in no frame and under no other name', async () => {
  const { page, origin } = await openPage();
  const other = await page.context().newPage();
  await other.goto(`http://127.0.0.1:${await openOtherSite()}/`);
  for (const element of ['iframe', 'embed', 'object']) {
    await other.evaluate(
      `(() => { const frame = document.createElement('${element}');
        frame['${element === 'object' ? 'data' : 'src'}'] = '${origin}/'; document.body.append(frame) })()`,
    );
  }
  await other.waitForTimeout(1_000);
  const framed = await Promise.all(
    other
      .frames()
      .slice(1)
      .map((frame) => frame.evaluate<string>('document.body?.innerText ?? ""').catch(() => '')),
  );
  expect(framed.join(' ')).not.toMatch(/Overview|Tollgate/);

  const { port } = new URL(origin);
  for (const name of ['tollgate.localhost', 'localhost.']) {
    const answer = await other.goto(`http://${name}:${port}/`).catch(() => null);
    expect(answer?.status() ?? 403, name).toBe(403);
    expect(await other.content()).not.toContain('/assets/');
  }
});
