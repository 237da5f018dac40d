import { Agent, request } from 'node:http';
import { expect, it } from 'vitest';
import { CHAT, KEY, openSimulation } from './simulation-fixture.ts';

function send(agent: Agent, baseUrl: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const req = request(`${baseUrl}/chat/completions`, { method: 'POST', agent, headers }, (res) => {
      res.on('end', resolve).resume();
    });
    req.on('error', reject);
    req.end(JSON.stringify({ ...CHAT, max_tokens: 30 }));
  });
}

it('spends a few milliseconds of CPU at most on a small answer, its client included', async () => {
  const { baseUrl, bill } = await openSimulation();
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const burst = (count: number) => Promise.all(Array.from({ length: count }, () => send(agent, baseUrl)));
  await burst(500);
  const before = process.cpuUsage();
  await burst(2000);
  const { user, system } = process.cpuUsage(before);
  agent.destroy();
  expect(bill.rows).toHaveLength(2500);
  expect((user + system) / 1000 / 2000).toBeLessThan(5);
});
