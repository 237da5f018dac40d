import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from 'vitest';
import type { RequestView } from '../../proxy/contract/requests.ts';
import { CHAT } from '../helpers/engine-home.ts';
import { openPage } from './helpers/open-page.ts';

const FORMULA = '=HYPERLINK("http://evil.test","x")';

/** Without a file of the user's choice, which only a person can choose: the export is downloaded. */
async function download(page: Page, format: string): Promise<string> {
  await page.evaluate('delete window.showSaveFilePicker');
  await page.getByRole('button', { name: 'Export' }).click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: format, exact: true }).click(),
  ]);
  return readFile(await file.path(), 'utf8');
}

/** A machine may be busy with other tests. */
const SOON = { timeout: 10_000 };

test('exports exactly the rows that the filter finds, as CSV that no spreadsheet runs', {
  timeout: 60_000,
}, async () => {
  const { page, tollgate, problems } = await openPage({
    path: '/requests?outcome=settled',
    async prepare({ createApp, post }) {
      const notebook = await createApp('notebook', ['usd=1/day']);
      const agent = await createApp('agent', ['requests=1/day']);
      for (const token of [notebook, agent, agent, notebook]) {
        await post(token, '/chat/completions', { ...CHAT, user: FORMULA });
      }
    },
  });
  const text = page.getByRole('textbox', { name: 'Search in what is shown…' });
  await page
    .getByRole('row', { name: /notebook/ })
    .first()
    .waitFor();
  const { requests } = await tollgate.client.requests.list({ outcome: 'settled' });
  expect(requests).toHaveLength(3);

  const lines = (await download(page, 'NDJSON, one a line')).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as RequestView)).toEqual(requests);
  expect(JSON.parse(await download(page, 'JSON'))).toEqual(requests);
  const csv = (await download(page, 'CSV')).trimEnd().split('\r\n');
  expect(csv.slice(1).map((line) => line.split(',')[0])).toEqual(requests.map(({ id }) => id));
  expect(csv[1]).toContain(`"'=HYPERLINK(""http://evil.test"",""x"")"`);

  await text.fill('AGENT');
  await expect.poll(() => new URL(page.url()).search, SOON).toContain('text=AGENT');
  const agents = requests.filter(({ app }) => app === 'agent');
  expect(JSON.parse(await download(page, 'JSON'))).toEqual(agents);
  const found = await download(page, 'CSV');
  expect(found.split('\r\n').map((line) => line.split(',')[0])).toEqual(['id', agents[0]?.id, '']);
  expect(found, 'rows stay as the engine has written them').toContain(`"'=HYPERLINK(""`);
  expect(problems).toEqual([]);
});
