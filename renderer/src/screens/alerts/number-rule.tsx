import { Button, Group, TextInput } from '@mantine/core';
import { type ReactNode, useEffect, useState } from 'react';
import { alertsText as text } from '../../text/alerts.ts';

export interface RuleField {
  readonly name: string;
  readonly label: string;
  /** As it is stored now, in the form in which it is typed. */
  readonly value: string;
  readonly wrong: string;
  isRight(typed: string): boolean;
}

/** Two or so numbers that make one rule, saved together. */
export function NumberRule({
  fields,
  onSave,
}: {
  readonly fields: readonly RuleField[];
  onSave(values: Readonly<Record<string, string>>): void;
}): ReactNode {
  const stored = Object.fromEntries(fields.map(({ name, value }) => [name, value]));
  const [drafts, setDrafts] = useState<Readonly<Record<string, string>>>(stored);
  const key = JSON.stringify(stored);
  useEffect(() => setDrafts(JSON.parse(key) as Record<string, string>), [key]);
  const wrong = fields.filter(({ name, isRight }) => !isRight(drafts[name] ?? ''));
  const isChanged = fields.some(({ name, value }) => drafts[name] !== value);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isChanged && wrong.length === 0) onSave(drafts);
      }}
    >
      <Group gap="sm" align="flex-start">
        {fields.map((field) => (
          <TextInput
            key={field.name}
            size="xs"
            w={160}
            inputMode="decimal"
            label={field.label}
            value={drafts[field.name] ?? ''}
            error={wrong.includes(field) ? field.wrong : null}
            onChange={({ currentTarget: { value } }) => setDrafts({ ...drafts, [field.name]: value })}
          />
        ))}
        <Button type="submit" variant="default" mt={23} disabled={!isChanged || wrong.length > 0}>
          {text.rules.save}
        </Button>
      </Group>
    </form>
  );
}
