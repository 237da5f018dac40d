import { Button, Group, PasswordInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { WebhookView } from '../../../../proxy/contract/alerts.ts';
import { api } from '../../api/client.ts';
import { useLiveEvents } from '../../api/live-events.ts';
import { showError } from '../../api/show-error.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { alertsText } from '../../text/alerts.ts';
import { RuleCard } from './rule-card.tsx';

const words = alertsText.channels.webhook;

/** Where alerts are posted to. The address goes one way: it is typed in, and never comes back. */
export function WebhookCard(): ReactNode {
  const queries = useQueryClient();
  const [address, setAddress] = useState('');
  const query = useQuery({ ...api.webhook.get.queryOptions(), refetchOnMount: 'always' });
  // A delivery has no event of its own; each follows an alert.
  useLiveEvents('alert', () => void queries.invalidateQueries({ queryKey: api.webhook.get.key() }));
  const options = {
    onSuccess: (view: WebhookView) => queries.setQueryData(api.webhook.get.queryKey(), view),
    onError: showError,
  };
  const set = useMutation(
    api.webhook.set.mutationOptions({
      ...options,
      onSuccess: (view) => {
        options.onSuccess(view);
        setAddress('');
      },
      gcTime: 0,
    }),
  );
  const test = useMutation(api.webhook.test.mutationOptions(options));
  const remove = useMutation(api.webhook.remove.mutationOptions(options));
  const webhook = query.data;
  const isSet = webhook !== undefined && webhook.address !== null;
  return (
    <RuleCard title={words.title} what={words.what}>
      {webhook && (
        <p className="tg-webhook-address">
          {webhook.address === null ? words.none : words.set(webhook.address)}
        </p>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          set.mutate({ url: address.trim() });
        }}
      >
        <Group gap="xs" align="flex-end">
          <PasswordInput
            size="xs"
            flex={1}
            miw={200}
            label={words.address}
            description={words.secret}
            placeholder={words.placeholder}
            autoComplete="off"
            value={address}
            onChange={({ currentTarget }) => setAddress(currentTarget.value)}
          />
          <Button
            type="submit"
            variant={isSet ? 'default' : 'filled'}
            disabled={address.trim() === ''}
            loading={set.isPending}
          >
            {isSet ? words.replace : words.save}
          </Button>
        </Group>
      </form>
      {isSet && (
        <>
          <LastDelivery webhook={webhook} />
          <Group gap="xs">
            <Button variant="default" loading={test.isPending} onClick={() => test.mutate(undefined)}>
              {words.test}
            </Button>
            <ConfirmButton
              variant="subtle"
              color="red"
              question={words.removeSure}
              confirmLabel={words.remove}
              onConfirm={() => remove.mutate(undefined)}
            >
              {words.remove}
            </ConfirmButton>
          </Group>
        </>
      )}
    </RuleCard>
  );
}

function LastDelivery({ webhook }: { readonly webhook: WebhookView }): ReactNode {
  const { last, waiting } = webhook;
  return (
    <div className="tg-webhook-last" role="status">
      <span className="tg-dim">{words.last}</span>
      {last === null ? (
        <span className="tg-dim">{words.never}</span>
      ) : (
        <>
          <StatusBadge tone={last.delivered ? 'good' : 'bad'}>
            {last.delivered ? words.ok(last.status) : words.failed(last.problem ?? '')}
          </StatusBadge>
          <RelativeTime at={last.at} />
          {last.tries > 1 && <span className="tg-dim">{words.tries(last.tries)}</span>}
        </>
      )}
      {waiting > 0 && <span className="tg-dim">{words.waiting(waiting)}</span>}
    </div>
  );
}
