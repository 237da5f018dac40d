import { type ComboboxItem, Select } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { requestsText as text } from '../../text/requests.ts';

export interface FilterSelectProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly (string | ComboboxItem)[];
  /** Anything may be typed, not only what is offered. */
  readonly isFree?: boolean;
  readonly width?: number;
  onChange(value: string | undefined): void;
}

/** One part of a filter: what has occurred is offered, and it is cleared by its cross. */
export function FilterSelect(props: FilterSelectProps): ReactNode {
  const { label, value, options, isFree = false, width = 106, onChange } = props;
  const [typed, setTyped] = useState('');
  const offered = options.map((option) =>
    typeof option === 'string' ? { value: option, label: option } : option,
  );
  const add = (text: string | undefined): void => {
    if (text === undefined || text === '') return;
    if (!offered.some((option) => option.value === text || option.label === text)) {
      offered.unshift({ value: text, label: text });
    }
  };
  add(value);
  if (isFree) add(typed.trim());
  const shown = offered.find((option) => option.value === value)?.label;
  return (
    <Select
      size="xs"
      w={Math.max(width, Math.min(180, 52 + 7 * (shown?.length ?? 0)))}
      className="tg-filter-select"
      data-set={value !== undefined || undefined}
      aria-label={label}
      placeholder={label}
      data={offered}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
      searchable
      onSearchChange={setTyped}
      clearable
      clearSectionMode="clear"
      nothingFoundMessage={text.filter.nothing}
      maxDropdownHeight={320}
      comboboxProps={{ width: 'max-content', position: 'bottom-start', shadow: 'md' }}
    />
  );
}
