import { Button, Select } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconKey } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactNode, useMemo } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { api } from '../../api/client.ts';
import { useEngineStatus } from '../../api/queries.ts';
import { showError } from '../../api/show-error.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { connectText } from '../../text/connect.ts';
import { madeToken } from './made-token.ts';

const { filling: text } = connectText;

export interface FillingBarProps {
  /** Undefined while they are read. */
  readonly apps: readonly AppView[] | undefined;
  readonly app: AppView | null;
  readonly model: string | null;
  readonly token: string | null;
  /** What a token is called that is made now; null while there is no tool. */
  readonly label: string | null;
  onChange(patch: Readonly<Record<string, string | undefined>>): void;
}

/** Which app, model and token the snippets below are filled with. */
export function FillingBar({ apps, app, model, token, label, onChange }: FillingBarProps): ReactNode {
  const status = useEngineStatus();
  const prices = useQuery(api.prices.list.queryOptions({ input: {} })).data?.prices;
  const models = useMemo(
    () =>
      prices?.filter(({ rates, maxOutputTokens }) => rates.output !== undefined && maxOutputTokens > 0) ?? [],
    [prices],
  );
  return (
    <section className="tg-card tg-filling" aria-label={text.label}>
      {apps?.length === 0 ? (
        <div className="tg-filling-part">
          <span className="tg-filling-name">{text.app}</span>
          <span className="tg-filling-value">
            <span className="tg-dim">{text.noApps}</span>
            <Button component={Link} to="/apps">
              {text.makeApp}
            </Button>
          </span>
        </div>
      ) : (
        <Select
          label={text.app}
          placeholder={text.appPlaceholder}
          data={apps?.map(({ id, name }) => ({ value: id, label: name })) ?? []}
          value={app?.id ?? null}
          allowDeselect={false}
          searchable={(apps?.length ?? 0) > 8}
          onChange={(id) => onChange({ app: id ?? undefined })}
        />
      )}
      <Select
        label={text.model}
        placeholder={text.modelDefault}
        data={models.map((row) => row.model)}
        value={model}
        searchable
        clearable
        onChange={(value) => onChange({ model: value ?? undefined })}
      />
      <div className="tg-filling-part">
        <span className="tg-filling-name">{text.baseUrl}</span>
        {status?.baseUrl ? (
          <span className="tg-filling-value">
            <code className="tg-mono">{status.baseUrl}</code>
            <CopyButton text={status.baseUrl} label={text.copyBaseUrl} />
          </span>
        ) : (
          <span className="tg-filling-value tg-dim">{text.noBaseUrl}</span>
        )}
      </div>
      <div className="tg-filling-part tg-filling-wide">
        <span className="tg-filling-name">{text.token}</span>
        <span className="tg-filling-value">
          {token === null ? <NoToken app={app} label={label} /> : <MadeToken token={token} />}
        </span>
      </div>
    </section>
  );
}

function NoToken({ app, label }: Pick<FillingBarProps, 'app' | 'label'>): ReactNode {
  const issue = useMutation({
    ...api.tokens.issue.mutationOptions({
      onSuccess: ({ app: { id }, token }) => {
        madeToken.set({ appId: id, token });
        notifications.show({ color: 'green', title: text.made, message: text.madeWhat });
      },
      onError: showError,
    }),
    // The answer is a secret: the mutation forgets it as soon as nobody looks.
    gcTime: 0,
  });
  return (
    <>
      <span className="tg-dim">{text.placeholder}</span>
      <Button
        variant="default"
        leftSection={<IconKey size={14} />}
        disabled={app === null}
        loading={issue.isPending}
        onClick={() => app && issue.mutate({ app: app.id, label })}
      >
        {text.make}
      </Button>
    </>
  );
}

function MadeToken({ token }: { readonly token: string }): ReactNode {
  return (
    <>
      <code className="tg-mono">{`${token.slice(0, 9)}…`}</code>
      <CopyButton text={token} label={text.copyToken} />
      <span className="tg-dim">{text.once}</span>
      <Button variant="subtle" color="gray" onClick={() => madeToken.set(null)}>
        {text.forget}
      </Button>
    </>
  );
}
