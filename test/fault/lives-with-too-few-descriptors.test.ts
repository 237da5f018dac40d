import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { expect, test } from 'vitest';
import { CHAT, openEngineHome, post } from '../helpers/engine-home.ts';
import { until } from '../helpers/until.ts';

const isPossible = process.platform === 'linux' && spawnSync('prlimit', ['--version']).status === 0;
const skipped = isPossible ? '' : ' (skipped: needs prlimit on Linux)';

function setDescriptors(pid: number, soft: string): void {
  expect(spawnSync('prlimit', ['--pid', String(pid), `--nofile=${soft}:`]).status).toBe(0);
}

test.skipIf(!isPossible)(
  `F20 without descriptors connections are shed, nothing is lost, and it recovers${skipped}`,
  async () => {
    const home = await openEngineHome();
    const served = await home.start();
    const token = await home.createApp('tool', ['usd=1/day']);
    const send = () => post(served, token, '/chat/completions', CHAT);
    expect((await send()).status).toBe(200);
    const open = readdirSync(`/proc/${served.pid}/fd`).length;
    setDescriptors(served.pid, String(open + 8));

    const sockets: Socket[] = [];
    for (let index = 0; index < 60; index += 1) {
      const socket = connect(Number(new URL(served.baseUrl).port), '127.0.0.1');
      socket.on('error', () => socket.destroy());
      sockets.push(socket);
    }
    await until(() => sockets.some((socket) => socket.destroyed || socket.readableEnded));
    // Whatever a client sees now, it is no answer that costs something unbooked.
    await Promise.allSettled(
      [send(), send(), send()].map((sent) => sent.then((response) => response.text())),
    );

    for (const socket of sockets) socket.destroy();
    setDescriptors(served.pid, '4096');
    await until(async () => (await send().catch(() => null))?.status === 200, 10_000);
    const { total } = await home.control((client) => client.usage.report({ by: 'app' }));
    expect(total.heldNanoUsd).toBe(0);
    expect(total.costNanoUsd).toBeGreaterThanOrEqual(home.openai.bill.totalNanoUsd());
    expect(await served.stop()).toBe(0);
  },
);
