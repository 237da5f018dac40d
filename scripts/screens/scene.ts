import type { Page } from '@playwright/test';
import type { Tollgate } from '../../test/helpers/open-tollgate.ts';

/** `light` and `dark` are 1,280 pixels wide, `narrow` is 800. */
export const VARIANTS = ['light', 'dark', 'narrow'] as const;
export type Variant = (typeof VARIANTS)[number];

/** What the engine behind a scene holds: weeks of use, or nothing yet. */
export type World = 'used' | 'empty' | 'no-key';

/** One picture of the dashboard. Each screen has a file in this folder that exports `scenes`. */
export interface Scene {
  /** Also the name of the file: `apps`, `apps-empty`. */
  readonly name: string;
  /** Where it is: a path of the page, or one that is known once the world is there. */
  readonly path: string | ((tollgate: Tollgate) => Promise<string>);
  readonly world: World;
  /** All three unless set. */
  readonly variants?: readonly Variant[];
  /** Calls that fail in this picture, such as `usage/overview`. */
  readonly failing?: readonly string[];
  /** Brings the page to what is to be seen: opens a menu, waits for a chart. */
  act?(page: Page, tollgate: Tollgate): Promise<void>;
}

export interface SceneModule {
  readonly scenes: readonly Scene[];
}
