import type { ReactNode } from 'react';
import type { CoverageRow } from '../../../../proxy/contract/coverage.ts';
import { commonText } from '../../text/common.ts';
import { coverageText as text } from '../../text/coverage.ts';
import { TONES } from './coverage-columns.tsx';
import { HOWS, type How } from './coverage-filter.ts';

export interface CoverageTilesProps {
  readonly routes: readonly CoverageRow[] | undefined;
  readonly current: How | null;
  onChange(how: How | null): void;
}

/** How many there are of each; pressing one shows these alone. */
export function CoverageTiles({ routes, current, onChange }: CoverageTilesProps): ReactNode {
  return (
    <fieldset className="tg-tiles" aria-label={text.tiles.label}>
      {HOWS.map((how) => (
        <button
          key={how}
          type="button"
          className="tg-tile tg-card"
          data-tone={TONES[how]}
          aria-pressed={how === current}
          disabled={routes === undefined}
          onClick={() => onChange(how === current ? null : how)}
        >
          <span className="tg-tile-count tg-num">
            {routes?.filter((route) => route.how === how).length ?? commonText.none}
          </span>
          <span className="tg-tile-name">{text.how[how]}</span>
          <span className="tg-tile-what">{text.tiles[how]}</span>
        </button>
      ))}
    </fieldset>
  );
}
