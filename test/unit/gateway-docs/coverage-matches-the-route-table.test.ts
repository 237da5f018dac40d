import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FAMILIES, matchRoute, ROUTES, type RouteMatch } from '../../../proxy/gateway/routes.ts';

/*
 * docs/coverage.md read as its readers read it, row by row, and held against what becomes of a request: a
 * mistake of whatever writes the page shows here.
 */
const page = readFileSync(new URL('../../../docs/coverage.md', import.meta.url), 'utf8');
const rows = (pattern: RegExp): string[][] => [...page.matchAll(pattern)].map(([, ...cells]) => cells);

const routes = rows(/^\| (GET|POST|DELETE) \| `\/v1(\/\S+)` \| (.+) \|$/gm);
const families = rows(/^\| `\/v1(\/\S+)` \| (always|not in this version) \| (.+) \|$/gm);

test('docs/coverage.md names every route once, and no other', () => {
  expect(routes.map(([method, path]) => `${method} ${path}`).sort()).toEqual(
    ROUTES.map(({ method, path }) => `${method} ${path}`).sort(),
  );
});

test('docs/coverage.md names every refused family once, and no other', () => {
  expect(families.map(([path]) => path).sort()).toEqual(FAMILIES.map(([prefix]) => prefix).sort());
});

test.each(routes)('%s /v1%s is forwarded: %s', (method = '', path = '', how = '') => {
  const match = matchRoute(method, path.replaceAll('{id}', 'some-id'));
  expect(match).toMatchObject({ kind: 'route', route: { method, path } });
  expect(accessOf(match)).toBe(how === 'free at OpenAI' ? 'free' : 'metered');
});

test.each(families)('what is below /v1%s is refused, %s: %s', (path = '', when = '', why = '') => {
  for (const method of ['GET', 'POST', 'DELETE']) {
    const match = matchRoute(method, `${path}/some-id/part`);
    expect(match).toMatchObject({ kind: 'family', access: { why } });
    expect(accessOf(match)).toBe(when === 'always' ? 'refused' : 'opt-in');
  }
});

function accessOf(match: RouteMatch): string {
  if (match.kind === 'route') return match.route.access.kind;
  return match.kind === 'family' ? match.access.kind : match.kind;
}
