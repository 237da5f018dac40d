import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  expectOurError,
  expectUntouched,
  GOOD_CHAT,
  openTarget,
  type Target,
} from '../helpers/expect-untouched.ts';
import { ledgerOf } from '../helpers/ledger.ts';
import { canBecomeOther, runAsOther } from '../helpers/other-user.ts';
import { parseWire, wireRequest } from '../helpers/wire.ts';

/** Writes the second argument to the first, a port, an address with port, or a path; prints what comes. */
const SEND = `
const [to, text] = process.argv.slice(1);
const { connect } = require('node:net');
const [host, port] = to.split(' ');
const socket = port ? connect({ host, port: Number(port) }) : connect(to);
socket.setTimeout(3000, () => socket.destroy());
socket.on('connect', () => socket.write(Buffer.from(text, 'latin1')));
socket.on('data', (chunk) => process.stdout.write(chunk));
socket.on('error', (error) => process.stdout.write(error.code));
`;
const CLOSE = 'Connection: close';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const chat = () => wireRequest(target.port, { headers: [...target.goodHeaders, CLOSE], body: GOOD_CHAT });

test.skipIf(!canBecomeOther()).each(['127.0.0.1', '::1'])(
  'A27 another user with a stolen token is refused on %s, and the user is told',
  async (address) => {
    const said = await expectUntouched(target, () => runAsOther(SEND, [`${address} ${target.port}`, chat()]));
    const answer = parseWire(said, true);
    expect(answer.status).toBe(403);
    expect(answer.headers['x-tollgate-error']).toBe('peer_not_allowed');
    expectOurError(target.tollgate, answer);
    expect(await ledgerOf(target.tollgate, 'victim')).toEqual([]);
    expect(readFileSync(`${target.tollgate.dataDir}/logs/engine.log`, 'utf8')).toContain('peer_refused');
  },
);

test.skipIf(!canBecomeOther())('A27 another user learns nothing, not even whether it works', async () => {
  const requests = [
    { method: 'GET', target: '/healthz', headers: [CLOSE] },
    { method: 'GET', target: '/v1/models', headers: [CLOSE, 'Authorization: Bearer tg_wrong'] },
    { method: 'GET', target: '/v1/unknown', headers: [CLOSE] },
  ];
  const bodies = new Set<string>();
  for (const request of requests) {
    const bytes = wireRequest(target.port, request);
    bodies.add(parseWire(await runAsOther(SEND, [`127.0.0.1 ${target.port}`, bytes]), true).body);
  }
  expect(bodies.size).toBe(1);
});

test.skipIf(!canBecomeOther())('A27 another user cannot open the control socket', async () => {
  const socketPath = `${target.tollgate.dataDir}/control.sock`;
  const call = `POST /rpc/engine/status HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`;
  expect(await runAsOther(SEND, [socketPath, call])).toBe('EACCES');
});

test.skipIf(!canBecomeOther())('A27 with the check switched off the token alone decides', async () => {
  const open = await openTarget({ config: { checkPeers: false } });
  try {
    const bytes = wireRequest(open.port, { headers: [...open.goodHeaders, CLOSE], body: GOOD_CHAT });
    const answer = parseWire(await runAsOther(SEND, [`127.0.0.1 ${open.port}`, bytes]), true);
    expect(answer.status).toBe(200);
  } finally {
    await open.close();
  }
});
