import { consumeEventIterator, getEventMeta } from '@orpc/client';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connect, type OpenClient } from '../../../proxy/cli/control-client.ts';
import type { EventKind } from '../../../proxy/contract/event-words.ts';
import type { ControlEvent } from '../../../proxy/contract/events.ts';
import { locateHome } from '../../../proxy/home.ts';
import { ask } from '../../helpers/alerts.ts';
import { openTollgate, type Tollgate } from '../../helpers/open-tollgate.ts';
import { until } from '../../helpers/until.ts';

let tollgate: Tollgate;
let open: OpenClient;
let token: string;
beforeEach(async () => {
  tollgate = await openTollgate();
  const connected = await connect(locateHome({ TOLLGATE_HOME: tollgate.dataDir }));
  if (!connected) throw new Error('no engine answers');
  open = connected;
  token = await tollgate.createApp('notebook', ['requests=100/day']);
});
afterEach(() => tollgate.close());

interface Followed {
  readonly events: { readonly id: string; readonly event: ControlEvent }[];
  kinds(): EventKind[];
  stop(): Promise<void>;
}

/** Follows the events over the control socket, as a window does. */
async function follow(lastEventId?: string, kinds?: EventKind[]): Promise<Followed> {
  const events: Followed['events'] = [];
  const iterator = await open.client.events.follow(
    kinds ? { kinds } : {},
    lastEventId ? { lastEventId } : {},
  );
  const stop = consumeEventIterator(Promise.resolve(iterator), {
    onEvent: (event) => events.push({ id: getEventMeta(event)?.id ?? '', event }),
    onError: () => undefined,
  });
  await until(() => events.length > 0, 10_000);
  return { events, kinds: () => events.map(({ event }) => event.kind), stop };
}

const requestIds = ({ events }: Followed): string[] => [
  ...new Set(
    events.flatMap(({ event }) => (event.kind === 'requests' ? event.requests.map(({ id }) => id) : [])),
  ),
];
const lastId = ({ events }: Followed): string => events.at(-1)?.id ?? '';

test('the first event is the state of the engine; requests, budgets and changes follow', async () => {
  const followed = await follow();
  expect(followed.events[0]?.event).toMatchObject({
    kind: 'engine',
    status: { openAlerts: 0, paused: null },
  });
  await ask(tollgate, token);
  await tollgate.client.apps.pause({ app: 'notebook' });
  await until(
    () => ['requests', 'spend', 'changed'].every((kind) => followed.kinds().includes(kind as EventKind)),
    10_000,
  );
  // One may have been sent between the hold and the end of the request.
  const settled = () =>
    followed.events.find(
      ({ event }) => event.kind === 'spend' && event.limits.some((limit) => limit.settled > 0),
    );
  await until(() => settled() !== undefined);
  expect(settled()?.event).toMatchObject({
    limits: [{ app: 'notebook', settled: 1 }],
    total: { requestsToday: 1 },
  });
  const changed = followed.events.find(({ event }) => event.kind === 'changed')?.event;
  expect(changed).toMatchObject({ what: 'apps' });
  await followed.stop();
});

test('after a gap every event comes that was missed, once, and no state again', async () => {
  const first = await follow();
  await ask(tollgate, token);
  await until(() =>
    first.events.some(
      ({ event }) => event.kind === 'requests' && event.requests.some(({ outcome }) => outcome === 'settled'),
    ),
  );
  await first.stop();
  const seen = requestIds(first);
  expect(seen).toHaveLength(1);
  for (let time = 0; time < 3; time += 1) {
    await ask(tollgate, token);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const second = await follow(lastId(first));
  await until(() => requestIds(second).length >= 3, 10_000);
  expect(second.kinds()).not.toContain('engine');
  expect(second.kinds()).not.toContain('resync');
  expect(requestIds(second).filter((id) => seen.includes(id))).toEqual([]);
  const ids = [...first.events, ...second.events].map(({ id }) => Number(id.split('-')[1]));
  expect(ids).toEqual([...ids].sort((a, b) => a - b));
  await second.stop();
});

test('an id of another engine, or of nobody, is answered with a resync', async () => {
  const followed = await follow();
  const [epoch = ''] = lastId(followed).split('-');
  await followed.stop();
  for (const [id, why] of [
    ['0123456789ab-5', 'restarted'],
    ['nonsense', 'restarted'],
    [`${epoch}-`, 'restarted'],
    [`${epoch}-999999`, 'gap'],
  ] as const) {
    const again = await follow(id);
    await until(() => again.events.length >= 2, 10_000);
    expect(again.events.map(({ event }) => event).slice(0, 2)).toMatchObject([
      { kind: 'resync', why },
      { kind: 'engine' },
    ]);
    await again.stop();
  }
});

test('more than is kept is a gap', async () => {
  const followed = await follow();
  const id = lastId(followed);
  await followed.stop();
  // Each change is an event of its own; a thousand are kept.
  for (let time = 0; time < 1_100; time += 1) {
    tollgate.engine.control.signals.send({ kind: 'changed', what: 'apps', appId: `app_${time}` });
  }
  await new Promise((resolve) => setTimeout(resolve, 600));
  const again = await follow(id);
  await until(() => again.events.length >= 2, 10_000);
  expect(again.kinds().slice(0, 2)).toEqual(['resync', 'engine']);
  expect(again.events[0]?.event).toMatchObject({ why: 'gap' });
  await again.stop();
});

test('who wants some kinds gets them, and the state of the engine', async () => {
  const followed = await follow(undefined, ['alert']);
  await ask(tollgate, token);
  await tollgate.client.apps.pause({ app: 'notebook' });
  await ask(tollgate, `tg_${'c'.repeat(43)}`);
  await until(() => followed.kinds().includes('alert'), 10_000);
  expect(new Set(followed.kinds())).toEqual(new Set(['engine', 'alert']));
  await followed.stop();
});
