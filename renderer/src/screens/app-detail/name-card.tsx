import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { putApp } from '../../api/app-cache.ts';
import { api } from '../../api/client.ts';
import { CallError } from '../../components/call-error.tsx';
import { appSettingsText } from '../../text/app-settings.ts';
import { nameProblem } from '../apps/new-app-draft.ts';

const { name: text } = appSettingsText;

export function NameCard({ app }: { readonly app: AppView }): ReactNode {
  const queries = useQueryClient();
  const [typed, setTyped] = useState<string | null>(null);
  const change = useMutation(
    api.apps.change.mutationOptions({
      onSuccess: (changed) => {
        putApp(queries, changed);
        setTyped(null);
      },
    }),
  );
  const name = typed ?? app.name;
  const problem = nameProblem(name);
  const isChanged = name.trim() !== app.name;
  return (
    <section className="tg-card tg-part" aria-labelledby="app-name">
      <h2 id="app-name">{text.title}</h2>
      <form
        className="tg-name-form"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (isChanged && problem === null) change.mutate({ app: app.id, name: name.trim() });
        }}
      >
        <TextInput
          aria-label={text.title}
          description={text.what}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          value={name}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
          error={isChanged ? problem : null}
          maxLength={80}
          autoComplete="off"
          spellCheck={false}
        />
        <Button type="submit" variant="default" disabled={!isChanged} loading={change.isPending}>
          {text.save}
        </Button>
      </form>
      <CallError error={change.error} />
    </section>
  );
}
