import type { Scene } from './scene.ts';

export const scenes: readonly Scene[] = [
  { name: 'onboarding', path: '/welcome?step=key', world: 'no-key' },
  {
    name: 'onboarding-key-refused',
    path: '/welcome?step=key',
    world: 'no-key',
    variants: ['light'],
    async act(page) {
      await page.getByLabel('OpenAI key').fill(`sk-proj-${'a'.repeat(40)}`);
      await page.getByRole('button', { name: 'Check the key' }).click();
      await page.getByText('OpenAI refuses this key').waitFor();
    },
  },
  { name: 'onboarding-cap', path: '/welcome?step=cap', world: 'no-key', variants: ['light', 'dark'] },
  { name: 'onboarding-app', path: '/welcome?step=app', world: 'no-key', variants: ['light'] },
  {
    name: 'onboarding-connect',
    path: '/welcome?step=connect',
    world: 'used',
    variants: ['light', 'dark', 'narrow'],
  },
];
