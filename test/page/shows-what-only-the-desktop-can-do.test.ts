import { expect, test } from 'vitest';
import type { ShellState } from '../../proxy/contract/shell.ts';
import { openDesktopPage } from './helpers/open-desktop-page.ts';
import { soon } from './helpers/soon.ts';

const ABOUT = {
  version: '0.1.0',
  electron: '45.4.1',
  chromium: '150.0.1',
  node: '24.2.0',
  platform: 'linux',
  arch: 'x64',
  packaged: true,
};

test('shows what only the desktop can do, and asks its shell for it', { timeout: 60_000 }, async () => {
  const asked: string[] = [];
  let state: ShellState = {
    engine: { state: 'running', attached: false, problem: null, retryAt: null, restarts: 2 },
    autostart: { enabled: false, unsupported: null, hint: null },
    tray: { available: false },
    updates: { state: 'idle', version: null, percent: null, detail: null },
  };
  const { page, tollgate, problems, service } = await openDesktopPage('/settings?tab=desktop', {
    about: () => ABOUT,
    state: () => state,
    restartEngine: () => void asked.push('restart'),
    openLogs: async () => {
      asked.push('logs');
      return true;
    },
    checkForUpdates: async () => {
      asked.push('check');
    },
    downloadUpdate: async () => {
      asked.push('download');
    },
    installUpdate: () => void asked.push('install'),
    testNotification: () => {
      asked.push('notification');
      return true;
    },
  });
  const change = (patch: Partial<ShellState>): void => {
    state = { ...state, ...patch };
    service.publish(state);
  };

  await page.getByRole('tab', { name: 'Desktop' }).waitFor();
  await page.getByText('2 unexpected ends').waitFor();
  await page.getByText('This system shows no tray.').waitFor();
  await page.getByRole('switch', { name: 'Start when I sign in' }).press('Space');
  await soon(async () => (await tollgate.client.settings.get()).desktop.autostart).toBe(true);
  change({
    autostart: { enabled: true, unsupported: null, hint: 'Allow it in the settings of the system.' },
  });
  await page.getByText('Allow it in the settings of the system.').waitFor();
  expect(await page.getByRole('switch', { name: 'Show it in the Dock' }).count(), 'no Dock here').toBe(0);

  await page.getByRole('button', { name: 'Show one' }).click();
  await page.getByText('It was handed to the system.').waitFor();
  await page.getByRole('button', { name: 'Open the folder' }).click();
  await soon(() => asked).toContain('logs');
  await page.getByText('By hand', { exact: true }).click();
  await soon(async () => (await tollgate.client.settings.get()).desktop.updates).toBe('manual');
  await page.getByRole('button', { name: 'Look now' }).click();
  await soon(() => asked).toContain('check');
  change({ updates: { state: 'available', version: '0.2.0', percent: null, detail: null } });
  await page.getByText('0.2.0 is there').waitFor();
  await page.getByRole('button', { name: 'Download' }).click();
  change({ updates: { state: 'downloading', version: '0.2.0', percent: 41.6, detail: null } });
  await page.getByText('Downloading, 42 %').waitFor();
  change({ updates: { state: 'ready', version: '0.2.0', percent: null, detail: null } });
  await page.getByRole('button', { name: 'Install and start again' }).click();
  await soon(() => asked).toEqual(['notification', 'logs', 'check', 'download', 'install']);

  await page.getByRole('tab', { name: 'Data and about' }).click();
  await page.getByText('45.4.1').waitFor();
  await tollgate.client.settings.set({ engine: { zone: 'Asia/Tokyo' } });
  await page.getByRole('tab', { name: 'Engine' }).click();
  await page.getByText('Quit Tollgate and open it again.').waitFor();
  expect(problems).toEqual([]);
});
