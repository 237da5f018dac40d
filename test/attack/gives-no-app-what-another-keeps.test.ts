import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROUTES } from '../../proxy/gateway/routes.ts';
import { ledgerOf } from '../helpers/ledger.ts';
import { type Asked, MODEL, type Owners, openOwners } from './owners-of-objects.ts';

/*
 * One app makes an object of every kind. Another one, which is allowed whatever an app can be allowed,
 * names them in every path that the route table has a place for, and looks for them in every list.
 */
let apps: Owners;
beforeAll(async () => {
  apps = await openOwners();
});
afterAll(() => apps.tollgate.close());

/** As if there was none: the same answer as for an id that nobody has, and nothing of it at OpenAI. */
async function expectUnknown(asked: Asked, asAbsent: Asked, id: string): Promise<void> {
  const { tollgate, thief, stranger, ask } = apps;
  const seen = async (): Promise<number[]> => {
    const passed = (await ledgerOf(tollgate)).filter(({ outcome }) => outcome !== 'refused');
    return [passed.length, tollgate.openai.received.length];
  };
  const before = await seen();
  const answer = await ask(thief, asked);
  expect([answer.status, answer.headers.get('x-tollgate-error')]).toEqual([404, 'object_unknown']);
  const absent = await (await ask(stranger, asAbsent)).text();
  const shapeOf = (body: string): string =>
    body
      .replaceAll(id, 'ID')
      .replaceAll('absent_id', 'ID')
      .replace(/thief|stranger|tgr_\w+/g, 'X');
  expect(shapeOf(await answer.text())).toBe(shapeOf(absent));
  expect(await seen()).toEqual(before);
}

/** A body that the route takes; what is in it is looked at later than whose the object is. */
const BODIES: Readonly<Record<string, Pick<Asked, 'json' | 'form'>>> = {
  json: { json: {} },
  multipart: { form: [['data', 'a.txt', Buffer.from('toll')]] },
  'json-or-multipart': { form: [['file', 'a.txt', Buffer.from('toll')]] },
};
const VALID: Readonly<Record<string, object>> = {
  '/conversations/{conversation}/items': { items: [{ type: 'message', role: 'user', content: 'x' }] },
  '/vector_stores/{vector_store}/search': { query: 'x' },
};

const owned = ROUTES.flatMap((route) => {
  const kind = route.owned?.find((each) => each !== null);
  return kind ? [[`${route.method} ${route.path}`, route, kind] as const] : [];
});

test('the table has a place for every kind of object that a path can name', () => {
  const kinds = new Set(owned.map(([, , kind]) => kind));
  expect([...kinds].sort()).toEqual(
    ['batch', 'completion', 'container', 'conversation', 'file', 'response', 'upload', 'vector-store'].sort(),
  );
});

test.each(owned)('T9 %s: for another app there is none', async (_name, route, kind) => {
  const valid = route.body === 'json' ? VALID[route.path] : undefined;
  const body = valid ? { json: valid } : BODIES[route.body];
  const pathOf = (id: string): string => route.path.replace(/\{member\}/, 'member_1').replace(/\{\w+\}/, id);
  const asked = (id: string): Asked => ({ method: route.method, path: pathOf(id), ...body });
  await expectUnknown(asked(apps.theirs[kind]), asked('absent_id'), apps.theirs[kind]);
});

const lists = ROUTES.flatMap(({ lists: kind, path }) => (kind ? [[path, kind] as const] : []));

test('every list over the whole project is one that is filtered', () => {
  expect(lists.map(([path]) => path).sort()).toEqual(
    ['/batches', '/chat/completions', '/containers', '/files', '/vector_stores'].sort(),
  );
});

test.each(lists)('T9 GET %s shows each app its own', async (path, kind) => {
  for (const query of [
    '',
    '?limit=100',
    '?order=asc',
    `?after=${apps.mine[kind]}`,
    `?after=${apps.theirs[kind]}`,
  ]) {
    for (const [token, foreign] of [
      [apps.thief, apps.theirs],
      [apps.owner, apps.mine],
    ] as const) {
      const text = await (await apps.ask(token, { method: 'GET', path: `${path}${query}` })).text();
      for (const id of Object.values(foreign)) expect(text.replace(`after=${id}`, '')).not.toContain(id);
    }
  }
  const shown = await (await apps.ask(apps.owner, { method: 'GET', path: `${path}?limit=100` })).text();
  expect(shown).toContain(apps.theirs[kind]);
});

test('T9 a list by metadata shows each app its own', async () => {
  const path = '/chat/completions?metadata[purpose]=secret';
  const text = await (await apps.ask(apps.thief, { method: 'GET', path })).text();
  expect(text).toContain(apps.mine.completion);
  expect(text).not.toContain(apps.theirs.completion);
});

test('T9 whose an object was is remembered after it was deleted', async () => {
  const { id } = await apps.tollgate.sdk(apps.owner).responses.create({ model: MODEL, input: 'Say hello' });
  await apps.tollgate.sdk(apps.owner).responses.delete(id);
  const answer = await apps.ask(apps.thief, { method: 'GET', path: `/responses/${id}` });
  expect(answer.headers.get('x-tollgate-error')).toBe('object_unknown');
});
