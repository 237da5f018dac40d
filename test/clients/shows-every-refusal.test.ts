import { expect, test } from 'vitest';
import { ERRORS } from '../../proxy/contract/errors.ts';
import { until } from '../helpers/until.ts';
import type { Client, Failure, RetryAdvice } from './client.ts';
import { CLIENTS } from './clients.ts';
import { type Cell, type Row, renderErrorsInClients } from './errors-in-clients-page.ts';
import { messagePattern } from './message-pattern.ts';
import { refusedCodes } from './refused-codes.ts';
import type { Prepared, Scene, Situation } from './scene.ts';
import { SITUATIONS } from './situations.ts';
import type { SeenRequest } from './watch-requests.ts';

/*
 * Each refusal, as people meet it: in the client they use, with its default settings, against a whole engine
 * in the state that refuses. What every client makes of it becomes docs/integrations/errors-in-clients.md.
 */
const PAGE = '../../docs/integrations/errors-in-clients.md';
const MISSING = CLIENTS.flatMap(({ unavailable }) => unavailable ?? []);
for (const reason of MISSING) process.stdout.write(`skipped: ${reason}\n`);

const rows = new Map<Situation, Row>();
const titleOf = ({ code, title }: Situation): string => `${code}: ${title}`;
// What takes longest goes first; the page has an order of its own.
const BY_TIME = [...SITUATIONS].sort((one, other) => ERRORS[other.code].status - ERRORS[one.code].status);

const named = (situation: Situation) => [titleOf(situation), situation] as const;
const [heavy, light] = [BY_TIME.filter(({ isHeavy }) => isHeavy), BY_TIME.filter(({ isHeavy }) => !isHeavy)];

test.concurrent.for(light.map(named))('%s', ([, situation]) => tryInEveryClient(situation));
test.for(heavy.map(named))('%s', ([, situation]) => tryInEveryClient(situation));

async function tryInEveryClient(situation: Situation): Promise<void> {
  const scene = await situation.open();
  try {
    const trials: (() => Promise<[string, Cell]>)[] = [];
    for (const client of CLIENTS) trials.push(await prepareTrial(client, situation, scene));
    const cells = await Promise.all(trials.map((run) => run()));
    rows.set(situation, { situation, cells: new Map(cells) });
  } finally {
    await scene.close();
  }
}

async function prepareTrial(
  client: Client,
  situation: Situation,
  scene: Scene,
): Promise<() => Promise<[string, Cell]>> {
  const call = client.calls[situation.call ?? 'ask'];
  const cannot = situation.never?.[client.name];
  expect(call === undefined, `${client.name} has such a call, or a reason why not`).toBe(
    cannot !== undefined,
  );
  if (!call || client.unavailable) return async () => [client.name, { kind: 'none' }];
  const prepared = await scene.prepare(client.name);
  const { target, question = {} } = prepared;
  const before = scene.watch.of(target.token).length;
  const seen = (): readonly SeenRequest[] => scene.watch.of(target.token).slice(before);
  return async () => {
    const relenting = relentOnce(prepared, seen);
    const failure = await call(target, question).then(
      () => null,
      (error: unknown) => client.readFailure(error),
    );
    await relenting;
    const cell = situation.passes
      ? passed(client, failure, seen())
      : refused(client, situation, failure, seen());
    return [client.name, cell];
  };
}

/** The reason for a refusal is over as soon as the client was refused. */
async function relentOnce({ relent }: Prepared, seen: () => readonly SeenRequest[]): Promise<void> {
  if (!relent) return;
  await until(() => seen().some(({ status }) => status === 429), 60_000);
  relent();
}

/** Asks once more, when it was told to, and is answered. */
function passed({ name }: Client, failure: Failure | null, seen: readonly SeenRequest[]): Cell {
  expect(failure, name).toBeNull();
  expect(
    seen.map(({ status }) => status),
    name,
  ).toEqual([429, 200]);
  return { kind: 'answered', requests: seen.length };
}

function refused(
  client: Client,
  situation: Situation,
  failure: Failure | null,
  seen: readonly SeenRequest[],
): Cell {
  const { name } = client;
  const { status, retry, openaiCode } = ERRORS[situation.code];
  const advice: RetryAdvice = { status, retry, isQuota: openaiCode === 'insufficient_quota' };
  if (failure === null) throw new Error(`${name} was answered`);
  if (failure.status !== null) expect(failure.status, name).toBe(status);
  expect(seen.length, `requests of ${name}`).toBe(client.attempts(advice));
  const hidden = client.hides(advice);
  expect(failure.message, name).toMatch(hidden ?? messagePattern(situation, name));
  return {
    kind: 'refused',
    failure: failure.kind,
    status: failure.status,
    requests: seen.length,
    inVain: seen.length > 1 && retry === 'never',
    hidden: hidden !== null,
  };
}

test('every refusal of the data plane is among them', () => {
  expect([...new Set(SITUATIONS.map(({ code }) => code))].sort()).toEqual(refusedCodes());
});

test('docs/integrations/errors-in-clients.md says what they made of it', async ({ skip }) => {
  skip(MISSING.length > 0, `the page is about all clients: ${MISSING.join(', ')}`);
  skip(rows.size < SITUATIONS.length, 'the page needs all trials to have passed');
  const page = renderErrorsInClients(SITUATIONS.flatMap((situation) => rows.get(situation) ?? []));
  await expect(page).toMatchFileSnapshot(PAGE);
});
