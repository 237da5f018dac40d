import { SegmentedControl } from '@mantine/core';
import type { ReactNode } from 'react';
import { FilterInput } from '../../components/filter-input.tsx';
import { connectText as text } from '../../text/connect.ts';
import { type ConnectFilter, SHOWN } from './connect-filter.ts';

export interface ToolFilterProps {
  readonly filter: ConnectFilter;
  readonly shown: number;
  readonly all: number;
  onChange(patch: Readonly<Record<string, string | undefined>>): void;
}

export function ToolFilter({ filter, shown, all, onChange }: ToolFilterProps): ReactNode {
  return (
    <div className="tg-connect-filter">
      <FilterInput
        label={text.filter.label}
        value={filter.words}
        onChange={(words) => onChange({ q: words })}
      />
      <SegmentedControl
        fullWidth
        aria-label={text.filter.show}
        value={filter.shown}
        data={SHOWN.map((value) => ({ value, label: text.filter[value] }))}
        onChange={(value) => onChange({ show: value === 'all' ? undefined : value })}
      />
      <p className="tg-connect-count" aria-live="polite">
        {text.shown(shown, all)}
      </p>
    </div>
  );
}
