import type { Scene } from './scene.ts';

export const scenes: readonly Scene[] = [
  { name: 'overview', path: '/', world: 'used' },
  { name: 'overview-empty', path: '/', world: 'empty', variants: ['light'] },
  { name: 'overview-error', path: '/', world: 'used', variants: ['light'], failing: ['usage/overview'] },
];
