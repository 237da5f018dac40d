import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ERROR_CODES, ERRORS } from '../../../proxy/contract/errors.ts';
import { refuse, renderRefusal } from '../../../proxy/gateway/refusal.ts';

/*
 * docs/errors.md read as its readers read it, cell by cell, and held against what is really answered: a
 * mistake of whatever writes the page shows here.
 */
const page = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
const plain = (cell: string): string => cell.trim().replace(/^`([^`]*)`$/, '$1');
const documented = page
  .split('\n')
  .filter((line) => /^\| `[a-z_]+` \|/.test(line))
  .map((line) => {
    const [code = '', status = '', type = '', openaiCode = '', retry = '', message = '', hint = ''] = line
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map(plain);
    return { code, status, type, openaiCode, retry, message, hint };
  });

test('docs/errors.md names every code once, and no other', () => {
  expect(documented.map(({ code }) => code).sort()).toEqual([...ERROR_CODES].sort());
});

test.each(ERROR_CODES.map((code) => [code]))('%s is answered as docs/errors.md says', (code) => {
  const row = documented.find((one) => one.code === code);
  const { status, headers, body } = renderRefusal(refuse(code), 'tgr_0');
  const { error } = JSON.parse(body) as { error: { type: string; code: string } };
  const header = (name: string): string | undefined => headers[headers.indexOf(name) + 1 || headers.length];
  expect({
    status: row?.status,
    type: row?.type || 'invalid_request_error',
    openaiCode: row?.openaiCode || code,
    neverAgain: row?.retry === 'never',
    later: row?.retry === 'later',
    message: row?.message,
    hint: row?.hint,
  }).toEqual({
    status: String(status),
    type: error.type,
    openaiCode: error.code,
    neverAgain: header('x-should-retry') === 'false',
    later: header('retry-after') !== undefined && header('retry-after-ms') !== undefined,
    message: ERRORS[code].message,
    hint: ERRORS[code].hint,
  });
  expect(header('x-tollgate-error')).toBe(code);
});
