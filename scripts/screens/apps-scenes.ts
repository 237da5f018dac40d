import type { Scene } from './scene.ts';

export const scenes: readonly Scene[] = [
  { name: 'apps', path: '/apps', world: 'used' },
  { name: 'apps-empty', path: '/apps', world: 'empty', variants: ['light'] },
];
