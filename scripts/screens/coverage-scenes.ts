import type { Scene } from './scene.ts';

export const scenes: readonly Scene[] = [
  { name: 'coverage', path: '/coverage', world: 'used' },
  {
    name: 'coverage-route',
    path: '/coverage?opt-in=batches&route=POST+%2Fv1%2Fbatches',
    world: 'used',
    variants: ['light', 'dark'],
  },
  { name: 'coverage-none', path: '/coverage?q=nothing-like-it', world: 'empty', variants: ['light'] },
  {
    name: 'coverage-error',
    path: '/coverage',
    world: 'used',
    variants: ['light'],
    failing: ['engine/coverage'],
  },
];
