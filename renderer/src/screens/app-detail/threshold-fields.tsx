import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { LimitView } from '../../../../proxy/contract/apps.ts';
import { api } from '../../api/client.ts';
import { Choice } from '../../components/choice.tsx';
import { appLimitsText } from '../../text/app-limits.ts';

const { editor: text } = appLimitsText;
const MAX_THRESHOLDS = 10;
const MAX_PERCENT = 1_000;

/** At how many percent of a limit an alert is raised, while it is typed in. */
export interface ThresholdDraft {
  readonly how: 'default' | 'own';
  readonly text: string;
}

export function thresholdDraftOf(limit: LimitView | null): ThresholdDraft {
  return {
    how: limit?.hasOwnThresholds ? 'own' : 'default',
    text: (limit?.thresholds ?? [50, 80, 100]).join(', '),
  };
}

export function readThresholds(draft: ThresholdDraft): {
  readonly percents: readonly number[] | null;
  readonly problem: string | null;
} {
  if (draft.how === 'default') return { percents: null, problem: null };
  const parts = draft.text.split(/[\s,;%]+/).filter((part) => part !== '');
  const percents = [...new Set(parts.map(Number))].sort((a, b) => a - b);
  const isWrong =
    percents.length > MAX_THRESHOLDS ||
    percents.some((percent) => !Number.isInteger(percent) || percent < 1 || percent > MAX_PERCENT);
  return isWrong ? { percents: null, problem: text.thresholdsProblem } : { percents, problem: null };
}

export interface ThresholdFieldsProps {
  readonly draft: ThresholdDraft;
  readonly problem: string | null;
  onChange(draft: ThresholdDraft): void;
}

export function ThresholdFields({ draft, problem, onChange }: ThresholdFieldsProps): ReactNode {
  const settings = useQuery(api.alerts.settings.queryOptions());
  const usual = settings.data?.thresholds.join(', ') ?? '';
  return (
    <div className="tg-thresholds">
      <Choice
        label={text.thresholds}
        value={draft.how}
        onChange={(how) => onChange({ ...draft, how })}
        options={[
          {
            value: 'default',
            title: text.thresholdsHow.default,
            what: usual === '' ? appLimitsText.alertsNever : text.thresholdsDefault(usual),
          },
          { value: 'own', title: text.thresholdsHow.own, what: text.thresholdsOwnWhat },
        ]}
      />
      {draft.how === 'own' && (
        <TextInput
          label={text.thresholdsOwn}
          description={text.thresholdsHint}
          value={draft.text}
          onChange={({ currentTarget }) => onChange({ ...draft, text: currentTarget.value })}
          error={problem}
          autoComplete="off"
        />
      )}
    </div>
  );
}
