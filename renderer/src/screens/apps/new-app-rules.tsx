import { Stack, TagsInput, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { newAppText as text } from '../../text/new-app.ts';
import type { NewAppDraft, NewAppProblems } from './new-app-draft.ts';

export interface NewAppRulesProps {
  readonly draft: NewAppDraft;
  readonly problems: NewAppProblems;
  readonly isTried: boolean;
  onChange(patch: Partial<NewAppDraft>): void;
}

const RULES = ['maxOutputTokens', 'rpm', 'concurrency'] as const;
const LABELS = { maxOutputTokens: text.maxOutput, rpm: text.rpm, concurrency: text.concurrency } as const;

/** The rules that are worth setting on the first day; the others are on the app's own screen. */
export function NewAppRules({ draft, problems, isTried, onChange }: NewAppRulesProps): ReactNode {
  const isWrong = isTried && RULES.some((rule) => problems[rule] !== null);
  return (
    <details className="tg-more" {...(isWrong ? { open: true } : {})}>
      <summary>{text.policy}</summary>
      <Stack gap="sm" pt="sm">
        <TagsInput
          label={text.models}
          description={text.modelsHint}
          placeholder={draft.models.length === 0 ? text.modelsPlaceholder : ''}
          value={[...draft.models]}
          onChange={(models) => onChange({ models })}
          size="sm"
        />
        <div className="tg-new-app-rules">
          {RULES.map((rule) => (
            <TextInput
              key={rule}
              label={LABELS[rule]}
              placeholder={text.noLimit}
              value={draft[rule]}
              onChange={({ currentTarget }) => onChange({ [rule]: currentTarget.value })}
              error={isTried ? problems[rule] : null}
              inputMode="numeric"
              autoComplete="off"
            />
          ))}
        </div>
      </Stack>
    </details>
  );
}
