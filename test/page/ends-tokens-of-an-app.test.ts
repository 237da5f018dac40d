import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

test('makes a token with a label, and revoking it cuts the stream that it has under way', {
  timeout: 60_000,
}, async () => {
  let appId = '';
  const { page, tollgate, problems, link } = await openPage({
    openai: { tokensPerSecond: 20, outputTokens: { min: 2_000, max: 2_000 } },
    async prepare({ client, createApp }) {
      await createApp('notebook', ['usd=5/day']);
      appId = (await client.apps.get({ app: 'notebook' })).id;
    },
  });
  await page.goto(await link(`/apps/${appId}?tab=tokens`));
  await page.getByText('Without a label').waitFor();
  await page.keyboard.press('t');
  await page.getByRole('dialog', { name: 'New token' }).getByLabel('Label').fill('laptop');
  await page.getByLabel('Ends').selectOption('7d');
  await page.getByRole('button', { name: 'Make token' }).click();
  const token = (await page.getByTestId('app-token').innerText()).trim();
  await page.getByRole('button', { name: 'I have stored it' }).click();
  const row = page.getByRole('row', { name: /laptop/ });
  await row.getByText('in 7 days').waitFor();

  const stream = await tollgate.sdk(token).chat.completions.create({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'Count' }],
    stream: true,
  });
  let chunks = 0;
  const reading = (async () => {
    for await (const _chunk of stream) chunks += 1;
  })();
  // Looked at only after the button was pressed.
  reading.catch(() => undefined);
  await expect.poll(() => chunks, { timeout: 5_000 }).toBeGreaterThan(3);
  await row.getByRole('button', { name: 'Revoke laptop' }).click();
  await page.getByText(/laptop stops working at once/).waitFor();
  await page.getByRole('button', { name: 'Revoke', exact: true }).last().click();
  await expect(reading, 'the stream breaks off').rejects.toThrow();
  await row.waitFor({ state: 'hidden' });
  expect((await tollgate.post(token, '/chat/completions', CHAT)).status).toBe(401);
  expect(problems).toEqual([]);
});

test('rotates the tokens of an app and lets the old one work for an hour', { timeout: 60_000 }, async () => {
  let old = '';
  let appId = '';
  const { page, tollgate, problems, link } = await openPage({
    async prepare({ client, createApp }) {
      old = await createApp('notebook', ['usd=5/day']);
      appId = (await client.apps.get({ app: 'notebook' })).id;
    },
  });
  const ask = async (token: string): Promise<number> =>
    (await tollgate.post(token, '/chat/completions', CHAT)).status;
  await page.goto(await link(`/apps/${appId}?tab=tokens`));
  await page.getByRole('button', { name: 'Rotate…' }).click();
  await page.getByLabel('In an hour').check();
  await page.getByRole('button', { name: 'Rotate', exact: true }).click();
  await page.getByText('The old tokens work for one more hour.').waitFor();
  const fresh = (await page.getByTestId('app-token').innerText()).trim();
  await page.getByRole('button', { name: 'I have stored it' }).click();
  expect([await ask(old), await ask(fresh)]).toEqual([200, 200]);
  await page.getByRole('row', { name: /in (1 hr|59 min)/ }).waitFor();
  expect(await page.getByRole('row', { name: /Without a label/ }).count()).toBe(2);

  await page.getByRole('button', { name: 'Rotate…' }).click();
  await page.getByLabel('Now').check();
  await page.getByRole('button', { name: 'Rotate', exact: true }).click();
  await page.getByText('The old tokens have ended.').waitFor();
  expect([await ask(old), await ask(fresh)]).toEqual([401, 401]);
  expect(problems).toEqual([]);
});
