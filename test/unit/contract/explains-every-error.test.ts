import { expect, test } from 'vitest';
import {
  AppError,
  ERROR_CODES,
  ERRORS,
  type ErrorDetails,
  isErrorCode,
  problemOf,
} from '../../../proxy/contract/errors.ts';

const slots = (template: string): string[] =>
  [...template.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);

/** Every slot of an error, with a word of its own. */
const detailsFor = (code: keyof typeof ERRORS): ErrorDetails =>
  Object.fromEntries(
    [...slots(ERRORS[code].message), ...slots(ERRORS[code].hint)].map((name) => [name, `the ${name}`]),
  );

test.each(ERROR_CODES)('%s is a sentence, a next step and a status', (code) => {
  const { status, message, hint, type, openaiCode, retry } = ERRORS[code];
  expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  expect([400, 401, 403, 404, 405, 408, 409, 413, 414, 415, 426, 429, 431, 500, 502, 503, 504]).toContain(
    status,
  );
  for (const text of [message, hint]) {
    expect(text).toMatch(/^(?:[A-Z`{]|docs\/).*[.]$/);
    expect(text).not.toMatch(/\s{2}|\n/);
    // A slot is a name in braces, and no brace stands alone.
    expect(text.replace(/\{[a-z][a-zA-Z]*\}/g, '')).not.toMatch(/[{}]/);
    expect(text.split('`').length % 2).toBe(1);
  }
  for (const word of [type, openaiCode]) expect(word ?? 'none').toMatch(/^[a-z_]+$/);
  expect([undefined, 'never', 'later']).toContain(retry);
});

test.each(ERROR_CODES)('%s shows each of its details and leaves no slot', (code) => {
  const details = detailsFor(code);
  const error = new AppError(code, details);
  expect(`${error.message}${error.hint}`).not.toMatch(/[{}?]/);
  for (const detail of Object.values(details)) expect(`${error.message} ${error.hint}`).toContain(detail);
  expect(error).toMatchObject({ name: 'AppError', code, status: ERRORS[code].status, details });
  expect(error).toBeInstanceOf(Error);
});

test('what is asked to slow down is a 429 or a 503, and a quota is never to be retried', () => {
  const later = ERROR_CODES.filter((code) => ERRORS[code].retry === 'later');
  expect(later.map((code) => ERRORS[code].status).every((status) => status === 429 || status === 503)).toBe(
    true,
  );
  expect(ERRORS.quota_exceeded).toMatchObject({
    status: 429,
    type: 'insufficient_quota',
    openaiCode: 'insufficient_quota',
    retry: 'never',
  });
  for (const code of ['rate_limited', 'concurrency_limited'] as const) {
    expect(ERRORS[code]).toMatchObject({ openaiCode: 'rate_limit_exceeded', retry: 'later' });
  }
});

test('a detail is text, whatever is in it', () => {
  const app = '$& {problem} $1 `x`';
  expect(new AppError('app_unknown', { app }).message).toBe(`There is no app "${app}".`);
  expect(new AppError('body_too_large', { maxMb: 0 }).message).toBe('The request body is larger than 0 MB.');
});

test('a detail that was forgotten is a question mark, not a slot', () => {
  expect(new AppError('app_unknown').message).toBe('There is no app "?".');
});

test('the cause stays inside the error', () => {
  const cause = new Error('the disk is on fire');
  const error = new AppError('internal_error', {}, { cause });
  expect(error.cause).toBe(cause);
  expect(`${error.message}${error.hint}`).not.toContain('fire');
});

test.each([
  ['quota_exceeded', true],
  ['no_such_code', false],
  ['constructor', false],
  ['__proto__', false],
  ['', false],
  [null, false],
  [429, false],
])('isErrorCode(%j) is %j', (value, is) => {
  expect(isErrorCode(value)).toBe(is);
});

test.each([
  [new Error('one line\n    at stack (file.ts:1:1)'), 'one line'],
  ['a thrown text', 'a thrown text'],
  [undefined, 'undefined'],
  [new Error(''), ''],
  [new Error('x'.repeat(5_000)), 'x'.repeat(200)],
])('the problem of a thrown value is one short line', (thrown, problem) => {
  expect(problemOf(thrown)).toBe(problem);
});
