import { ActionIcon, NativeSelect, TextInput, Tooltip } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { ENFORCE, METRICS, WINDOWS } from '../../../proxy/contract/limits.ts';
import { limitEditText as text } from '../text/limit-edit.ts';
import type { LimitDraft } from './limit-draft.ts';
import './limit-fields.css';

export interface LimitFieldsProps {
  readonly draft: LimitDraft;
  onChange(draft: LimitDraft): void;
  /** Shown under the fields; null while there is none to show. */
  readonly problem: string | null;
  onRemove?(): void;
  /** Limits of users and addresses are always hard. */
  readonly isHardOnly?: boolean;
  readonly isFocused?: boolean;
}

/** One limit as a sentence of fields: an amount of something in a time, and what happens then. */
export function LimitFields(props: LimitFieldsProps): ReactNode {
  const { draft, onChange, problem, onRemove, isHardOnly = false, isFocused = false } = props;
  return (
    <div className="tg-limit-fields">
      <TextInput
        className="tg-limit-amount"
        aria-label={text.amount}
        value={draft.amount}
        onChange={(event) => onChange({ ...draft, amount: event.currentTarget.value })}
        placeholder={draft.metric === 'usd' ? text.placeholder.usd : text.placeholder.count}
        leftSection={draft.metric === 'usd' ? text.dollar : null}
        leftSectionWidth={26}
        error={problem !== null}
        aria-describedby={problem === null ? undefined : `limit-problem-${draft.id}`}
        inputMode="decimal"
        autoComplete="off"
        data-autofocus={isFocused || undefined}
      />
      <NativeSelect
        aria-label={text.metric}
        value={draft.metric}
        onChange={({ currentTarget }) => {
          const metric = METRICS.find((each) => each === currentTarget.value);
          if (metric) onChange({ ...draft, metric });
        }}
        data={METRICS.map((value) => ({ value, label: text.metrics[value] }))}
      />
      <NativeSelect
        aria-label={text.window}
        value={draft.window}
        onChange={({ currentTarget }) => {
          const window = WINDOWS.find((each) => each === currentTarget.value);
          if (window) onChange({ ...draft, window });
        }}
        data={WINDOWS.map((value) => ({ value, label: text.windows[value] }))}
      />
      {!isHardOnly && (
        <NativeSelect
          aria-label={text.enforce}
          value={draft.enforce}
          onChange={({ currentTarget }) => {
            const enforce = ENFORCE.find((each) => each === currentTarget.value);
            if (enforce) onChange({ ...draft, enforce });
          }}
          data={ENFORCE.map((value) => ({ value, label: text.enforcing[value] }))}
        />
      )}
      {onRemove && (
        <Tooltip label={text.remove}>
          <ActionIcon aria-label={text.remove} onClick={onRemove}>
            <IconX size={15} />
          </ActionIcon>
        </Tooltip>
      )}
      {problem !== null && (
        <p className="tg-limit-problem" id={`limit-problem-${draft.id}`}>
          {problem}
        </p>
      )}
    </div>
  );
}
