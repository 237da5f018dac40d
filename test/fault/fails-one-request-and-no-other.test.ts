import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { silentLog } from '../../proxy/index.ts';
import { until } from '../helpers/until.ts';
import { openEngineWithDoubles } from './engine-with-doubles.ts';

test('F19 a log that fails fails no request', async () => {
  const { logger } = silentLog();
  const told: unknown[] = [];
  for (const level of ['error', 'warn', 'info'] as const) {
    logger[level] = (fact: unknown) => {
      told.push(fact);
      throw new Error('the disk of the log is full');
    };
  }
  logger.info = () => undefined;
  const engine = await openEngineWithDoubles({ logger });
  engine.openai.faults.add({ times: 5, fault: { kind: 'usage', as: 'missing' } });
  const answers = await Promise.all(Array.from({ length: 20 }, () => engine.send()));
  expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200));
  expect(told.length).toBeGreaterThan(0);
  await until(async () => (await engine.client.engine.status()).inFlight === 0);
  const { total } = await engine.client.usage.report({ by: 'app' });
  expect(total).toMatchObject({ requests: 20, heldNanoUsd: 0 });
});

/** A clock that throws at its n-th reading after it was armed: a bug anywhere on a request's way. */
function trap(): { arm(nth: number): void; readonly sprung: boolean; now(): number } {
  let left = 0;
  let sprung = false;
  return {
    arm(nth) {
      left = nth;
      sprung = false;
    },
    get sprung() {
      return sprung;
    },
    now() {
      if (left > 0) {
        left -= 1;
        if (left === 0) {
          sprung = true;
          throw new Error('a bug at /secret/path');
        }
      }
      return Date.now();
    },
  };
}

test.each([false, true])(
  'F19 whatever throws on the way of a request to OpenAI (streamed: %s) ends that one and no other',
  async (stream) => {
    const clock = trap();
    const engine = await openEngineWithDoubles({}, {}, {}, clock.now);
    const statuses: (number | undefined)[] = [];
    for (let nth = 1; nth <= 4; nth += 1) {
      clock.arm(nth);
      const others = Array.from({ length: 3 }, () => engine.send({ stream }));
      const responses = await Promise.allSettled(others);
      expect(clock.sprung).toBe(true);
      const answered = responses.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      statuses.push(...answered.map(({ status }) => status));
      for (const response of answered) expect(await response.text()).not.toContain('secret');
      // A failure before the sender is known closes the connection; any later one is answered.
      expect(answered.length).toBeGreaterThanOrEqual(2);
      expect(answered.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);
      await until(async () => (await engine.client.engine.status()).inFlight === 0);
    }
    expect(new Set(statuses)).toEqual(new Set([200, 500]));
    const { limits } = await engine.client.apps.get({ app: 'tool' });
    const { total } = await engine.client.usage.report({ by: 'app' });
    expect(limits).toMatchObject([{ held: 0, settled: total.costNanoUsd }]);
    expect(total.costNanoUsd).toBeGreaterThanOrEqual(engine.openai.bill.totalNanoUsd());
  },
);

test('F19 whatever throws while it looks for alerts ends no engine', async () => {
  const clock = { isBroken: false };
  const engine = await openEngineWithDoubles({}, {}, {}, () => {
    if (clock.isBroken) throw new Error('a bug at /secret/path');
    return Date.now();
  });
  const answer = await engine.send({ stream: false });
  await answer.text();
  // It looks a moment after a request has ended, on a timer of its own.
  clock.isBroken = true;
  await sleep(400);
  clock.isBroken = false;
  expect((await engine.send({ stream: false })).status).toBe(200);
  expect((await engine.client.engine.status()).inFlight).toBe(0);
});
