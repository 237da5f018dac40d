import { Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { money } from '../format/money.ts';

export interface MoneyProps {
  readonly nanoUsd: number | null;
  /** Why it is unknown, shown on hover of the dash. */
  readonly reason?: string | undefined;
  readonly dimmed?: boolean | undefined;
}

/** An amount of dollars; a dash with its reason where it is unknown, never a zero. */
export function Money({ nanoUsd, reason, dimmed = false }: MoneyProps): ReactNode {
  const className = dimmed ? 'tg-num tg-dim' : 'tg-num';
  if (nanoUsd !== null || reason === undefined) {
    return <span className={className}>{money(nanoUsd)}</span>;
  }
  return (
    <Tooltip label={reason} multiline maw={320}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the reason is to be reached by keyboard, too */}
      <span className={className} tabIndex={0} aria-label={reason} role="note">
        {money(null)}
      </span>
    </Tooltip>
  );
}
