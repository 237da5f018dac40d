import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { coverageTable } from '../../../proxy/gateway/coverage.ts';
import { FAMILIES, ROUTE_TABLE } from '../../../proxy/gateway/route-table.ts';
import { matchRoute, matchSocketRoute } from '../../../proxy/gateway/routes.ts';

/*
 * docs/coverage.md read as its readers read it, row by row, and held against what becomes of a request: a
 * mistake of whatever writes the page shows here.
 */
const page = readFileSync(new URL('../../../docs/coverage.md', import.meta.url), 'utf8');
const rows = (pattern: RegExp): string[][] => [...page.matchAll(pattern)].map(([, ...cells]) => cells);

const routes = rows(/^\| (GET|POST|DELETE|WS) \| `\/v1(\/\S+)` \| (\w+) \| (\S*) \| (.*) \|$/gm);
const families = rows(/^\| `\/v1(\/\S+)` \| (\w+) \| (\S*) \| (.+) \|$/gm);

test('docs/coverage.md names every route once, and no other', () => {
  const known = ROUTE_TABLE.map(({ method, path, isSocket }) => `${isSocket ? 'WS' : method} ${path}`);
  expect(routes.map(([method, path]) => `${method} ${path}`).sort()).toEqual(
    known.map((line) => line.replace(/\{\w+\}/g, '{id}')).sort(),
  );
});

test('docs/coverage.md names every family once, and no other', () => {
  expect(families.map(([path]) => path).sort()).toEqual(FAMILIES.map(([prefix]) => prefix).sort());
});

test.each(routes)('%s /v1%s is %s', (method = '', path = '', how = '', needs = '') => {
  const plain = path.replaceAll('{id}', 'some-id');
  const match = matchRoute(method, plain);
  const route = method === 'WS' ? matchSocketRoute(plain) : match.kind === 'route' ? match.route : null;
  expect(route?.access.kind).toBe(how);
  expect(route?.optIn ?? '').toBe(needs.replaceAll('`', ''));
});

test.each(families)('what is below /v1%s is %s', (path = '', how = '') => {
  for (const method of ['GET', 'POST', 'DELETE']) {
    const match = matchRoute(method, `${path}/some-id/part`);
    expect(match).toMatchObject({ kind: 'family', access: { kind: how } });
  }
});

/** OpenAI's own list: `PATH METHOD~flags…`, ids in braces. */
const PATHS = readFileSync(new URL('../../fixtures/openai-paths.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .flatMap((line) => {
    const [path = '', ...methods] = line.split(' ');
    return methods.map((method) => [method.replace(/[~(].*$/, ''), path.replace(/\?.*$/, '')] as const);
  });

test('OpenAI has as many operations as were read from its list', () => {
  expect(PATHS.length).toBe(245);
});

test.each(PATHS)('%s /v1%s of OpenAI is metered, free, or refused with a reason', (method, path) => {
  const match = matchRoute(method, path.replace(/\{\w+\}/g, 'some-id'));
  // Nothing of the list may be unknown, or known for another method only.
  if (match.kind === 'family') expect(match.access).toMatchObject({ why: expect.stringMatching(/\w{3}/) });
  else expect(match.kind).toBe('route');
});

test('what is refused says why, and what is metered says how', () => {
  for (const { how, note, path } of coverageTable()) if (how !== 'free') expect(note, path).not.toBe('');
});
