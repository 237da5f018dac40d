import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  Accountant,
  type AdmissionRequest,
  type Hold,
  KEY_SCOPE,
} from '../../../proxy/admission/accountant.ts';
import { systemCalendar } from '../../../proxy/admission/calendar.ts';
import { type Admission, AdmissionQueue } from '../../../proxy/gateway/admission-queue.ts';
import { bound, rule } from './accountant-model.ts';

const NOON_MS = Date.UTC(2026, 10, 24, 12);
const QUEUE_MS = 40;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A request that holds so many nano-dollars. */
const costing = (nanoUsd: number): AdmissionRequest => ({
  scopes: [KEY_SCOPE],
  bound: bound({ inputTokens: nanoUsd, outputTokens: 0 }),
});

function openQueue(amount: number, queueMs = QUEUE_MS) {
  const accountant = new Accountant(systemCalendar, NOON_MS);
  accountant.openScope(KEY_SCOPE, [rule(1, { amount })]);
  const queue = new AdmissionQueue(accountant, queueMs);
  const order: string[] = [];
  const leaving = new Map<string, () => void>();
  const ask = async (name: string, nanoUsd: number): Promise<Admission> => {
    const admission = await queue.admit(costing(nanoUsd), NOON_MS, (leave) => leaving.set(name, leave));
    order.push(`${name} ${admission.kind}`);
    return admission;
  };
  const take = (nanoUsd: number): Hold => {
    const admission = queue.admit(costing(nanoUsd), NOON_MS, () => undefined);
    if (admission instanceof Promise || admission.kind !== 'admitted') throw new Error('it does not fit');
    return admission.hold;
  };
  const end = (hold: Hold, nanoUsd = 0): void => {
    accountant.settle(hold, { nanoUsd, inputTokens: 0, outputTokens: 0, requests: 1 });
    queue.retry(NOON_MS);
  };
  return { accountant, queue, order, leaving, ask, take, end };
}

test('what fits, and what could never fit, is answered at once', () => {
  const { queue, take } = openQueue(100);
  const onWait = vi.fn();
  take(60);
  expect(queue.admit(costing(40), NOON_MS, onWait)).toMatchObject({ kind: 'admitted' });
  expect(queue.admit(costing(101), NOON_MS, onWait)).toMatchObject({
    kind: 'refused',
    violation: { needed: 101, held: 100 },
  });
  expect([onWait.mock.calls.length, queue.waiting, vi.getTimerCount()]).toEqual([0, 0, 0]);
});

test('the first to come is the first to go', async () => {
  const { queue, order, ask, take, end } = openQueue(100);
  const hold = take(100);
  const answers = [ask('first', 50), ask('second', 50), ask('third', 50)];
  expect(queue.waiting).toBe(3);
  end(hold);
  const [first] = await Promise.all(answers.slice(0, 2));
  expect(order).toEqual(['first admitted', 'second admitted']);
  expect(queue.waiting).toBe(1);
  if (first?.kind === 'admitted') end(first.hold);
  await answers[2];
  expect(order.at(-1)).toBe('third admitted');
  expect(vi.getTimerCount()).toBe(0);
});

test('who does not fit yet is passed over', async () => {
  const { order, ask, take, end } = openQueue(100);
  const [large, small] = [take(70), take(30)];
  const answers = [ask('large', 90), ask('small', 20)];
  end(small);
  await answers[1];
  expect(order).toEqual(['small admitted']);
  end(large);
  expect(order).toEqual(['small admitted']);
  vi.advanceTimersByTime(QUEUE_MS);
  await answers[0];
  expect(order.at(-1)).toBe('large refused');
});

test('who has left takes nothing when there is room, and may leave once', async () => {
  const { accountant, queue, leaving, ask, take, end } = openQueue(100);
  const hold = take(100);
  const answer = ask('leaver', 50);
  leaving.get('leaver')?.();
  leaving.get('leaver')?.();
  expect(await answer).toEqual({ kind: 'left' });
  end(hold);
  expect([queue.waiting, accountant.openHolds, vi.getTimerCount()]).toEqual([0, 0, 0]);
});

test('leaving after the admission changes nothing: its hold is the caller’s', async () => {
  const { accountant, leaving, ask, take, end } = openQueue(100);
  const hold = take(100);
  const answer = ask('late', 50);
  end(hold);
  leaving.get('late')?.();
  expect(await answer).toMatchObject({ kind: 'admitted' });
  expect(accountant.openHolds).toBe(1);
});

test('after the time to wait it is refused, with the numbers of the last attempt', async () => {
  const { accountant, queue, ask, take, end } = openQueue(100);
  const [one] = [take(40), take(60)];
  const answer = ask('unlucky', 90);
  vi.advanceTimersByTime(QUEUE_MS - 1);
  expect(queue.waiting).toBe(1);
  end(one, 10);
  vi.advanceTimersByTime(1);
  expect(await answer).toMatchObject({ kind: 'refused', violation: { needed: 90, settled: 10, held: 60 } });
  expect([queue.waiting, accountant.openHolds]).toEqual([0, 1]);
});

test('it is refused as soon as waiting is in vain', async () => {
  const { queue, ask, take, end } = openQueue(100);
  const hold = take(100);
  const answer = ask('hopeless', 50);
  end(hold, 51);
  expect(await answer).toMatchObject({ kind: 'refused', violation: { settled: 51, held: 0, free: 49 } });
  expect(queue.waiting).toBe(0);
});

test('A56 a raised limit, and the next window, let waiting requests go', async () => {
  const { accountant, queue, ask, take } = openQueue(100);
  take(100);
  const raised = ask('raised', 50);
  accountant.setLimits(KEY_SCOPE, [rule(1, { amount: 150, window: 'day' })]);
  queue.retry(NOON_MS);
  expect(await raised).toMatchObject({ kind: 'admitted' });
  const tomorrow = ask('tomorrow', 150);
  queue.retry(NOON_MS + 86_400_000);
  expect(await tomorrow).toMatchObject({ kind: 'admitted' });
});

test('where there is no time to wait, it is refused at once', () => {
  const { queue, take } = openQueue(100, 0);
  take(100);
  expect(queue.admit(costing(50), NOON_MS, () => undefined)).toMatchObject({ kind: 'refused' });
});
