import type { Page } from '@playwright/test';
import type { Scene } from './scene.ts';

/** Answers the call of the key's status with another one, as a machine would with a locked keychain. */
async function answerStatus(page: Page, change: Readonly<Record<string, unknown>>): Promise<void> {
  const { store, backend, canWrite } = { store: 'keychain', backend: 'Secret Service', canWrite: true };
  const none = { kind: null, fingerprint: null, storedAt: null, retiring: [], problem: null };
  const json = { store, backend, canWrite, ...none, ...change };
  await page.route('**/rpc/keys/status', (route) => route.fulfill({ json: { json, meta: [] } }));
  await page.route('**/rpc/engine/status', async (route) => {
    const { json: status } = await (await route.fetch()).json();
    await route.fulfill({ json: { json: { ...status, key: json }, meta: [] } });
  });
  // Events would tell of the real key: this stream stays silent.
  await page.route('**/rpc/events/follow', () => undefined);
  await page.reload();
  await page.getByRole('heading', { name: 'State' }).waitFor();
  await page.waitForTimeout(400);
}

export const scenes: readonly Scene[] = [
  {
    name: 'key',
    path: '/key',
    world: 'used',
    async act(page) {
      await page.getByRole('button', { name: 'Test now' }).click();
      await page.getByText('OpenAI accepts the key').waitFor();
    },
  },
  {
    name: 'key-rotate',
    path: '/key?rotate=yes',
    world: 'used',
    variants: ['light', 'dark'],
    async act(page) {
      await page.getByLabel('New key').fill('sk-admin-of-the-whole-account');
    },
  },
  { name: 'key-missing', path: '/key', world: 'no-key' },
  {
    name: 'key-locked',
    path: '/key',
    world: 'used',
    variants: ['light', 'dark'],
    act: (page) =>
      answerStatus(page, {
        state: 'unavailable',
        problem: {
          code: 'keychain_locked',
          message: 'The keychain is locked.',
          hint: 'Unlock it (log in, or open the password manager of the system) and try again.',
        },
      }),
  },
  {
    name: 'key-read-only',
    path: '/key',
    world: 'used',
    variants: ['light'],
    act: (page) =>
      answerStatus(page, {
        store: 'env',
        backend: 'environment',
        canWrite: false,
        state: 'rejected',
        kind: 'project',
        fingerprint: '1f3a9c07',
        retiring: [{ fingerprint: 'cf4c68f5', kind: 'project', requests: 2 }],
      }),
  },
  { name: 'key-error', path: '/key', world: 'used', variants: ['light'], failing: ['keys/status'] },
];
