import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  expectRefused,
  expectUntouched,
  GOOD_CHAT,
  openTarget,
  type Target,
} from '../helpers/expect-untouched.ts';
import { ledgerOf } from '../helpers/ledger.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
  await target.tollgate.post(target.token, '/chat/completions', JSON.parse(GOOD_CHAT));
});
afterAll(() => target.close());

const HOSTILE = [
  `' OR '1'='1`,
  `'; DROP TABLE requests; --`,
  `" OR ""="`,
  `%' AND 1=0 UNION SELECT hash FROM tokens --`,
  `x') UNION SELECT sqlite_version() --`,
  'victim%',
  '_ictim',
  '\\',
  '$.key',
  '{"$gt":""}',
  '[*]',
  'victim\u0000',
  ' ',
  '../../ledger.db',
  '\u202evictim',
];

test.each(HOSTILE)('A31 %j is no app name, and no app of that name is found', async (text) => {
  const { client, createApp } = target.tollgate;
  await expectUntouched(target, async () => {
    await expect(createApp(text)).rejects.toMatchObject({ code: 'app_name_invalid' });
    await expect(client.apps.change({ app: 'victim', name: text })).rejects.toMatchObject({
      code: 'app_name_invalid',
    });
    for (const call of [client.apps.get, client.apps.pause, client.apps.rotate, client.apps.remove]) {
      await expect(call({ app: text })).rejects.toMatchObject({ code: 'app_unknown' });
    }
    await expect(client.usage.report({ by: 'app', app: text })).rejects.toMatchObject({
      code: 'app_unknown',
    });
    await expect(client.requests.list({ app: text })).rejects.toMatchObject({ code: 'app_unknown' });
  });
  await expectSound();
});

test.each(HOSTILE)(
  'A31 %j as a filter or a page finds nothing, and as a date means nothing',
  async (text) => {
    const { client } = target.tollgate;
    expect((await client.requests.list({ model: text })).requests).toEqual([]);
    expect((await client.prices.list({ model: text })).prices).toEqual([]);
    // What is too long to be one is not even looked at.
    const refused = { code: text.length > 40 ? 'BAD_REQUEST' : 'input_invalid' };
    await expect(client.requests.list({ before: text })).rejects.toMatchObject(refused);
    await expect(client.usage.report({ by: 'app', since: text })).rejects.toMatchObject(refused);
    await expectSound();
  },
);

test.each(HOSTILE)('A31 %j as a sort key, an outcome or a limit is no value of theirs', async (text) => {
  const { client } = target.tollgate;
  // What a client without types could send.
  const loose = client as unknown as Record<string, Record<string, (input: unknown) => Promise<unknown>>>;
  const bad = { code: 'BAD_REQUEST' };
  await expect(loose['usage']?.['report']?.({ by: text })).rejects.toMatchObject(bad);
  await expect(loose['requests']?.['list']?.({ outcome: text })).rejects.toMatchObject(bad);
  await expect(loose['requests']?.['list']?.({ limit: text })).rejects.toMatchObject(bad);
  const limit = { metric: text, amount: 1, window: 'day', enforce: 'hard' };
  await expect(loose['limits']?.['set']?.({ limits: [limit] })).rejects.toMatchObject(bad);
});

test.each(
  HOSTILE.filter((text) => !text.includes('\u0000') && !text.includes('\u202e') && text.trim() !== ''),
)('A31 %j as an app token is unknown', async (text) => {
  const headers = [`Authorization: Bearer ${text}`, 'Content-Type: application/json'];
  await expectRefused(target, () => target.send({ headers, body: GOOD_CHAT }), { status: 401 });
  await expectSound();
});

test.each(HOSTILE)(
  'A31 %j as a model is a model without a price, and is booked as the text it is',
  async (text) => {
    const body = JSON.stringify({ ...JSON.parse(GOOD_CHAT), model: text });
    const utf8 = Buffer.from(body).toString('latin1');
    const attack = () => target.send({ headers: target.goodHeaders, body: utf8 });
    await expectRefused(target, attack, { status: [400, 403] });
    const { requests } = await target.tollgate.client.requests.list({ app: 'victim', model: text });
    expect(requests.every(({ model, outcome }) => model === text && outcome === 'refused')).toBe(true);
    await expectSound();
  },
);

test('A31 an end user of any text is booked as that text', async () => {
  for (const user of HOSTILE.filter((text) => text.trim() !== '')) {
    const answer = await target.tollgate.post(target.bystander, '/chat/completions', {
      ...JSON.parse(GOOD_CHAT),
      safety_identifier: user,
    });
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
  }
  const { rows } = await target.tollgate.client.usage.report({ by: 'user', app: 'bystander' });
  expect(rows.length).toBeGreaterThan(1);
  await expectSound();
});

/** Both apps are there with their limits, and the ledger can be read. */
async function expectSound(): Promise<void> {
  const { apps } = await target.tollgate.client.apps.list();
  expect(apps.map(({ name, mode, limits }) => [name, mode, limits.length])).toEqual([
    ['victim', 'enforce', 1],
    ['bystander', 'enforce', 1],
  ]);
  expect(
    (await ledgerOf(target.tollgate, 'victim')).filter(({ outcome }) => outcome === 'settled'),
  ).toHaveLength(1);
}
