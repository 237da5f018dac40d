import { Button, CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { OUTCOMES } from '../../../../proxy/contract/request-words.ts';
import { api } from '../../api/client.ts';
import { money } from '../../format/money.ts';
import { requestsText as text } from '../../text/requests.ts';
import { FilterSelect } from './filter-select.tsx';
import { reasonWords } from './outcome-badge.tsx';
import { FILTER_NAMES, type LogFilter } from './request-filter.ts';
import { TimeFilter } from './time-filter.tsx';

const TYPING_MS = 250;
const STATUSES = ['200', '400', '401', '403', '404', '429', '500', '502', '503'];
const NOT_SETTLED = 'estimated,charged-at-bound,voided,refused';
const OUTCOME_OPTIONS = [
  ...OUTCOMES.map((outcome) => ({ value: outcome as string, label: text.filter.outcomes[outcome] })),
  { value: NOT_SETTLED, label: text.filter.notSettled },
];

export interface FilterBarProps {
  readonly filter: LogFilter;
  /** The text as it was typed. */
  readonly text: string;
  onChange(patch: Readonly<Record<string, string | undefined>>): void;
  /** Stands at the end of the bar. */
  readonly children: ReactNode;
}

/** Everything that the log can be filtered by; it stands on top and in the address. */
export function FilterBar({ filter, text: typed, onChange, children }: FilterBarProps): ReactNode {
  const { engine } = filter;
  const apps = useQuery(api.apps.list.queryOptions()).data?.apps ?? [];
  const facets = useQuery(api.requests.facets.queryOptions()).data;
  const words = text.filter;
  const app = apps.find(({ id, name }) => id === engine.app || name === engine.app)?.id ?? engine.app;
  const outcome = Array.isArray(engine.outcome) ? engine.outcome.join(',') : engine.outcome;
  return (
    <search className="tg-filter" aria-label={words.label}>
      <TextFilter typed={typed} onChange={onChange} />
      <FilterSelect
        label={words.app}
        value={app}
        options={apps.map(({ id, name }) => ({ value: id, label: name }))}
        onChange={(value) => onChange({ app: value })}
      />
      <FilterSelect
        label={words.model}
        value={engine.model}
        options={facets?.models ?? []}
        isFree
        onChange={(value) => onChange({ model: value })}
      />
      <FilterSelect
        label={words.endpoint}
        value={engine.endpoint}
        options={facets?.endpoints ?? []}
        isFree
        onChange={(value) => onChange({ endpoint: value })}
      />
      <FilterSelect
        label={words.outcome}
        value={outcome}
        options={OUTCOME_OPTIONS}
        onChange={(value) => onChange({ outcome: value })}
      />
      <FilterSelect
        label={words.status}
        value={engine.status === undefined ? undefined : String(engine.status)}
        options={STATUSES}
        isFree
        width={86}
        onChange={(value) => onChange({ status: value })}
      />
      <FilterSelect
        label={words.user}
        value={engine.user}
        options={facets?.users.filter((user) => user !== '') ?? []}
        isFree
        width={86}
        onChange={(value) => onChange({ user: value })}
      />
      <TimeFilter since={engine.since} until={engine.until} onChange={onChange} />
      {engine.reason !== undefined && (
        <Chip
          label={words.reason(reasonWords(engine.reason) ?? engine.reason)}
          onRemove={() => onChange({ reason: undefined })}
        />
      )}
      {engine.minCostNanoUsd !== undefined && (
        <Chip
          label={words.minCost(money(engine.minCostNanoUsd))}
          onRemove={() => onChange({ minCostNanoUsd: undefined })}
        />
      )}
      {!filter.isEmpty && (
        <Button variant="subtle" color="gray" onClick={() => onChange(NO_FILTER)}>
          {words.clear}
        </Button>
      )}
      <div className="tg-filter-end">{children}</div>
    </search>
  );
}

/** Takes every part of a filter away. */
export const NO_FILTER: Readonly<Record<string, undefined>> = Object.fromEntries(
  FILTER_NAMES.map((name) => [name, undefined]),
);

function Chip({ label, onRemove }: { readonly label: string; onRemove(): void }): ReactNode {
  return (
    <span className="tg-filter-chip">
      {label}
      <CloseButton size="xs" aria-label={text.filter.remove(label)} onClick={onRemove} />
    </span>
  );
}

function TextFilter({ typed, onChange }: Pick<FilterBarProps, 'onChange'> & { readonly typed: string }) {
  const [draft, setDraft] = useState(typed);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useEffect(() => setDraft(typed), [typed]);
  useEffect(() => () => clearTimeout(timer.current ?? undefined), []);
  const change = (value: string, waitMs: number): void => {
    setDraft(value);
    clearTimeout(timer.current ?? undefined);
    timer.current = setTimeout(() => onChange({ text: value.trim() === '' ? undefined : value }), waitMs);
  };
  return (
    <TextInput
      size="xs"
      className="tg-filter-text"
      data-filter
      data-set={typed !== '' || undefined}
      aria-label={text.filter.text}
      placeholder={text.filter.textShort}
      leftSection={<IconSearch size={14} stroke={1.8} aria-hidden="true" />}
      rightSection={
        draft === '' ? (
          <span className="tg-filter-key" aria-hidden="true">
            {'/'}
          </span>
        ) : (
          <CloseButton
            size="xs"
            aria-label={text.filter.remove(text.filter.text)}
            onClick={() => change('', 0)}
          />
        )
      }
      value={draft}
      onChange={({ currentTarget }) => change(currentTarget.value, TYPING_MS)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') change(draft, 0);
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}
