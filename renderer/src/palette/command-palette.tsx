import { lazy, type ReactNode, Suspense } from 'react';
import { useStore } from '../api/store.ts';
import { paletteAsked } from './open-palette.ts';

const PaletteDialog = lazy(() => import('./palette-dialog.tsx'));

export function CommandPalette(): ReactNode {
  const asked = useStore(paletteAsked);
  if (asked === 0) return null;
  return (
    <Suspense>
      <PaletteDialog asked={asked} />
    </Suspense>
  );
}
