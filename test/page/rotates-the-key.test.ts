import type { Page } from '@playwright/test';
import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

const NEW_KEY = 'sk-proj-AnotherKeyForTheSamePlace0123456789abcdefghij';
const WRONG_KEY = 'sk-proj-ThisOneIsKnownToNobodyAtAll0123456789abcdef';

/** Whether a key is anywhere that the page could give it away from. */
async function isLeftIn(page: Page, key: string): Promise<boolean> {
  const values = await page.evaluate<string>(
    `JSON.stringify([[...document.querySelectorAll('input')].map(({ value }) => value), { ...sessionStorage }, { ...localStorage }, location.href])`,
  );
  return [await page.content(), values].some((text) => text.includes(key.slice(12, 40)));
}

test('swaps the key while a stream runs: the stream ends well, and the next request has the new key', {
  timeout: 60_000,
}, async () => {
  let token = '';
  const { page, tollgate, problems } = await openPage({
    path: '/key',
    openai: { tokensPerSecond: 20, outputTokens: { min: 90, max: 90 } },
    async prepare({ createApp }) {
      token = await createApp('writer', ['usd=5/day']);
    },
  });
  const before = await tollgate.client.keys.status();
  const stream = await tollgate.post(token, '/chat/completions', { ...CHAT, stream: true });
  const text = stream.text();
  // From here on OpenAI knows the new key alone.
  tollgate.openai.setKey(NEW_KEY);

  await page.getByRole('button', { name: 'Rotate' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rotate the key' });
  await dialog.getByLabel('New key').fill(`  OPENAI_API_KEY="${NEW_KEY}"\n`);
  await dialog.getByText('A project key.').waitFor();
  await dialog.getByRole('button', { name: 'Check and swap' }).click();
  await dialog.getByText('The new key is in use').waitFor();
  const after = await tollgate.client.keys.status();
  expect(after.fingerprint).not.toBe(before.fingerprint);
  await dialog.getByText(`Old fingerprint ${before.fingerprint}`).waitFor();
  await dialog.getByRole('link', { name: /Delete the old one at OpenAI/ }).waitFor();
  expect(after.retiring, 'the stream still has the old one').toMatchObject([{ requests: 1 }]);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByText('1 request uses it').waitFor();
  expect(await isLeftIn(page, NEW_KEY)).toBe(false);

  expect(await text, 'the stream came to its end').toContain('data: [DONE]');
  await page.getByText('1 request uses it').waitFor({ state: 'hidden' });
  const next = await tollgate.post(token, '/chat/completions', { ...CHAT, max_completion_tokens: 5 });
  expect(next.status).toBe(200);
  expect(problems).toEqual([]);
});

test('refuses a wrong key and keeps the old one', { timeout: 60_000 }, async () => {
  let token = '';
  const { page, tollgate, problems } = await openPage({
    path: '/key?rotate=yes',
    async prepare({ createApp }) {
      token = await createApp('writer', ['usd=5/day']);
    },
  });
  const before = await tollgate.client.keys.status();
  const dialog = page.getByRole('dialog', { name: 'Rotate the key' });
  const field = dialog.getByLabel('New key');
  const submit = dialog.getByRole('button', { name: 'Check and swap' });
  expect(await field.getAttribute('type')).toBe('password');
  expect(await field.getAttribute('autocomplete')).toBe('off');

  await field.fill('sk-admin-ThisWouldMakeKeysAndRaiseLimits0123456789');
  await dialog.getByText('An admin key. It can make keys and raise limits').waitFor();
  expect(await submit.isDisabled()).toBe(true);

  await field.fill(WRONG_KEY);
  await submit.click();
  await dialog.getByText(/OpenAI refused the new key/).waitFor();
  await dialog.getByText('The old key stays in use.').waitFor();
  expect(await field.inputValue()).toBe('');
  expect(await isLeftIn(page, WRONG_KEY)).toBe(false);
  expect((await tollgate.client.keys.status()).fingerprint).toBe(before.fingerprint);
  const answer = await tollgate.post(token, '/chat/completions', CHAT);
  expect(answer.status).toBe(200);
  expect(problems).toEqual([]);
});

test('tells what removing the key means, removes it, and takes the first one again', {
  timeout: 60_000,
}, async () => {
  const { page, tollgate, problems } = await openPage({ path: '/key' });
  await page.getByRole('button', { name: 'Test now' }).click();
  await page.getByText(/OpenAI accepts the key, which sees \d+ models/).waitFor();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByText(/Every request is refused until a key is stored again/).waitFor();
  await page.getByRole('button', { name: 'Remove the key' }).click();
  await page.getByRole('heading', { name: 'Store a key' }).waitFor();
  expect((await tollgate.client.keys.status()).state).toBe('missing');

  tollgate.openai.setKey(NEW_KEY);
  await page.getByLabel('OpenAI key').fill(NEW_KEY);
  await page.getByRole('button', { name: 'Check and store' }).click();
  await page.getByText('Requests are sent with this key.').waitFor();
  expect((await tollgate.client.keys.status()).state).toBe('ready');
  expect(await isLeftIn(page, NEW_KEY)).toBe(false);
  expect(problems).toEqual([]);
});
