import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { fingerprint } from '../../../proxy/keys/fingerprint.ts';
import { CANARY } from './leaks.ts';

const KEY = Buffer.from(CANARY);

test('is eight hex digits that stay the same from version to version', () => {
  // Computed apart from the code: printf 'tollgate key fingerprint v1\0%s' KEY | sha256sum
  expect(fingerprint(Buffer.from('sk-0123456789abcdef'))).toBe('2bce27ca');
  expect(fingerprint(KEY)).toMatch(/^[0-9a-f]{8}$/);
});

test('differs for another key', () => {
  expect(fingerprint(KEY)).not.toBe(fingerprint(Buffer.from(`${CANARY}x`)));
});

test('is not the beginning of a plain hash of the key', () => {
  expect(fingerprint(KEY)).not.toBe(createHash('sha256').update(KEY).digest('hex').slice(0, 8));
});
