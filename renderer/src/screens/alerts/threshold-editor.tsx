import { Button, CloseButton, Group, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { alertsText } from '../../text/alerts.ts';

const MOST = 10;
const words = alertsText.rules.thresholds;

export interface ThresholdEditorProps {
  readonly thresholds: readonly number[];
  onChange(thresholds: number[]): void;
}

/** Percentages of a limit: each can be taken away, and others added. */
export function ThresholdEditor({ thresholds, onChange }: ThresholdEditorProps): ReactNode {
  const [draft, setDraft] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const add = (): void => {
    const text = draft.trim().replace(/\s*%$/, '');
    const percent = Number(text);
    const isNumber = /^\d{1,4}$/.test(text) && percent >= 1 && percent <= 1_000;
    if (!isNumber) setProblem(words.wrong);
    else if (thresholds.length >= MOST && !thresholds.includes(percent)) setProblem(words.many);
    else {
      setProblem(null);
      setDraft('');
      onChange([...new Set([...thresholds, percent])].sort((a, b) => a - b));
    }
  };
  return (
    <>
      <ul className="tg-thresholds" aria-label={words.label}>
        {thresholds.map((percent) => (
          <li key={percent}>
            {words.percent(percent)}
            <CloseButton
              size="xs"
              aria-label={words.remove(percent)}
              onClick={() => onChange(thresholds.filter((other) => other !== percent))}
            />
          </li>
        ))}
      </ul>
      {thresholds.length === 0 && <p className="tg-warning">{words.none}</p>}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          add();
        }}
      >
        <Group gap="xs" align="flex-start">
          <TextInput
            size="xs"
            w={150}
            inputMode="numeric"
            aria-label={words.add}
            placeholder={words.add}
            value={draft}
            error={problem}
            onChange={({ currentTarget }) => {
              setDraft(currentTarget.value);
              setProblem(null);
            }}
          />
          <Button type="submit" variant="default" disabled={draft.trim() === ''}>
            {words.addButton}
          </Button>
        </Group>
      </form>
    </>
  );
}
