import { expect, test } from 'vitest';
import { CHAT } from '../helpers/engine-home.ts';
import { expectAccessible } from './helpers/expect-accessible.ts';
import { openPage } from './helpers/open-page.ts';

test.each(['light', 'dark'] as const)(
  'has nothing serious for axe on the screens of apps, %s',
  {
    timeout: 180_000,
  },
  async (colorScheme) => {
    let appId = '';
    const { page, link, problems } = await openPage({
      colorScheme,
      path: '/apps',
      async prepare({ client, createApp, post }) {
        const token = await createApp('notebook', ['usd=1/day', 'requests=1/week']);
        await createApp('agent', ['usd=5/month']);
        await client.apps.pause({ app: 'agent' });
        await client.apps.create({ name: 'observed', mode: 'observe', limits: [] });
        for (let call = 0; call < 2; call += 1)
          await (await post(token, '/chat/completions', CHAT)).arrayBuffer();
        appId = (await client.apps.get({ app: 'notebook' })).id;
      },
    });
    await page
      .getByRole('row', { name: /notebook/ })
      .getByText('Over its cap')
      .waitFor();
    await expectAccessible(page, 'list');
    await page.keyboard.press('n');
    const dialog = page.getByRole('dialog', { name: 'New app' });
    await dialog.getByText('More rules').click();
    await dialog.getByRole('button', { name: 'Create app' }).click();
    await dialog.getByText('Type a name.').waitFor();
    await expectAccessible(page, 'new app');
    await dialog.getByLabel('Name').fill('zoo');
    await dialog.getByRole('button', { name: 'Create app' }).click();
    await page.getByRole('tab', { name: 'curl' }).waitFor();
    await expectAccessible(page, 'token');

    await page.goto(await link(`/apps/${appId}`));
    await page.getByText('A limit is used up').waitFor();
    await page
      .getByRole('row', { name: /completions/ })
      .first()
      .waitFor();
    await expectAccessible(page, 'limits');
    await page.getByRole('button', { name: 'Change $1.00 a day' }).click();
    await page.getByText(/Would have refused none/).waitFor();
    await expectAccessible(page, 'limit editor');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Raise $1.00 a day for a while' }).click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page, 'raise');
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Tokens' }).click();
    await page.getByText('Without a label').waitFor();
    await expectAccessible(page, 'tokens');
    await page.getByRole('button', { name: 'Rotate…' }).click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page, 'rotate');
    await page.keyboard.press('Escape');
    await page.getByRole('tab', { name: 'Policy' }).click();
    await page.getByLabel('Requests a minute').fill('x');
    await page.getByRole('button', { name: 'Add a limit for each address' }).click();
    await page.getByRole('button', { name: 'Save policy' }).click();
    await page.getByText('Type an amount.').waitFor();
    await expectAccessible(page, 'policy');
    await page.getByRole('tab', { name: 'Settings' }).click();
    await page.getByLabel('Observe').check();
    await page.getByRole('button', { name: 'Stop enforcing' }).waitFor();
    await expectAccessible(page, 'settings');
    await page.getByRole('button', { name: 'Remove app…' }).click();
    await page.getByRole('dialog', { name: 'Remove notebook?' }).waitFor();
    await expectAccessible(page, 'remove');
    expect(problems).toEqual([]);
  },
);
