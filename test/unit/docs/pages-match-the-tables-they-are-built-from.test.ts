import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ALERT_KINDS } from '../../../proxy/contract/alert-words.ts';
import { controlContract } from '../../../proxy/contract/control-contract.ts';
import { ERROR_CODES } from '../../../proxy/contract/errors.ts';
import { ROUTES } from '../../../proxy/gateway/routes.ts';
import { renderControlApi } from '../../../scripts/docs/render-control-api.ts';
import { renderControlApiPage } from '../../../scripts/docs/render-control-api-page.ts';
import { renderCoverageDocs } from '../../../scripts/docs/render-coverage-docs.ts';
import { renderErrorDocs } from '../../../scripts/docs/render-error-docs.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const page = (path: string): string => readFileSync(join(root, path), 'utf8');

test('docs/errors.md is the error table, code by code', () => {
  expect(page('docs/errors.md'), 'run `npm run docs:build`').toBe(renderErrorDocs());
  const documented = [...page('docs/errors.md').matchAll(/^\| `([a-z_]+)` \|/gm)].map(([, code]) => code);
  expect(documented).toEqual(ERROR_CODES);
});

test('docs/coverage.md is the route table, route by route', () => {
  expect(page('docs/coverage.md'), 'run `npm run docs:build`').toBe(renderCoverageDocs());
  const documented = [...page('docs/coverage.md').matchAll(/^\| (GET|POST|DELETE|WS) \| `([^`]+)` \|/gm)];
  expect(documented.map(([, method, path]) => `${method} ${path}`)).toEqual(
    ROUTES.map(({ method, endpoint, isSocket }) => `${isSocket ? 'WS' : method} ${endpoint}`),
  );
});

test('docs/control-api.json is the control contract, call by call', async () => {
  expect(page('docs/control-api.json') === (await renderControlApi()), 'run `npm run docs:build`').toBe(true);
  const { paths } = JSON.parse(page('docs/control-api.json')) as { paths: Record<string, object> };
  const calls = Object.entries(controlContract).flatMap(([group, of]) =>
    Object.keys(of).map((name) => `/${group}/${name}`),
  );
  expect(Object.keys(paths)).toEqual(calls);
});

test('docs/control-api.md has every call', async () => {
  expect(page('docs/control-api.md'), 'run `npm run docs:build`').toBe(await renderControlApiPage());
  const documented = [...page('docs/control-api.md').matchAll(/^\| `(\w+\/\w+)` \|/gm)].map(
    ([, call]) => call,
  );
  const calls = Object.entries(controlContract).flatMap(([group, of]) =>
    Object.keys(of).map((name) => `${group}/${name}`),
  );
  expect(documented).toEqual(calls);
});

test('docs/alerts.md has every kind of alert', () => {
  const documented = [...page('docs/alerts.md').matchAll(/^\| `([a-z-]+)` \|/gm)].map(([, kind]) => kind);
  expect(documented.sort()).toEqual([...ALERT_KINDS].sort());
});

test('links between pages lead somewhere', () => {
  const broken = ['*.md', 'docs/**/*.md']
    .flatMap((pattern) => globSync(pattern, { cwd: root }))
    .flatMap((path) =>
      [...page(path).matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g)]
        .map(([, target]) => join(dirname(path), target ?? ''))
        .filter((target) => !existsSync(join(root, target))),
    );
  expect(broken).toEqual([]);
});
