import { z } from 'zod';

const coordinate = z.int().min(-100_000).max(100_000);

/** Where the window was. Without a place it is centred. */
export const windowStateSchema = z.object({
  width: z.int().min(200).max(20_000),
  height: z.int().min(200).max(20_000),
  x: coordinate.nullable(),
  y: coordinate.nullable(),
  isMaximized: z.boolean(),
});
export type WindowState = z.infer<typeof windowStateSchema>;

export const FIRST_STATE: WindowState = { width: 1180, height: 800, x: null, y: null, isMaximized: false };

export interface Area {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Enough of the title bar to take hold of the window. */
const GRIP_WIDTH = 120;
const GRIP_HEIGHT = 32;

/** The state as it fits on the screens that are there now: they may have changed since. */
export function fitToScreens(state: WindowState, workAreas: readonly Area[]): WindowState {
  const [first] = workAreas;
  if (!first) return state;
  const area = workAreas.find((candidate) => hasGrip(state, candidate));
  const { width, height } = area ?? first;
  return {
    ...state,
    width: Math.min(state.width, width),
    height: Math.min(state.height, height),
    ...(area ? {} : { x: null, y: null }),
  };
}

function hasGrip({ x, y, width }: WindowState, area: Area): boolean {
  if (x === null || y === null) return false;
  const seen = Math.min(x + width, area.x + area.width) - Math.max(x, area.x);
  return seen >= Math.min(GRIP_WIDTH, width) && y >= area.y && y + GRIP_HEIGHT <= area.y + area.height;
}
