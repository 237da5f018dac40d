import { Anchor, Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { api } from '../../api/client.ts';
import { useStore } from '../../api/store.ts';
import { onboardingText as text } from '../../text/onboarding.ts';
import { FirstRequest } from './first-request.tsx';
import { newToken } from './new-token.ts';
import { SnippetTabs } from './snippet-tabs.tsx';
import { StepError } from './step-message.tsx';

export interface ConnectStepProps {
  readonly apps: readonly AppView[];
  onFinish(): void;
  onBack(): void;
}

/** The lines to run, and the moment in which the first request arrives. */
export function ConnectStep({ apps, onFinish, onBack }: ConnectStepProps): ReactNode {
  const made = useStore(newToken);
  const app = apps.find(({ id }) => id === made?.appId) ?? apps.at(-1);
  const { connect } = text;
  if (!app) {
    return (
      <>
        <h2>{text.app.title}</h2>
        <p className="tg-step-what">{text.app.what}</p>
        <Button onClick={onBack}>{text.back}</Button>
      </>
    );
  }
  const token = made?.appId === app.id ? made.token : null;
  return (
    <>
      <h2>{connect.title(app.name)}</h2>
      <p className="tg-step-what">{connect.what}</p>
      <SnippetTabs token={token} />
      {token === null ? <MakeToken app={app} /> : <p className="tg-step-note">{connect.tokenOnce}</p>}
      <FirstRequest app={app} />
      <p className="tg-step-note">
        {connect.leaks}{' '}
        <Anchor component={Link} to="/security" inherit>
          {connect.leaksNext}
        </Anchor>
      </p>
      <Group justify="flex-end" mt="lg">
        <Button onClick={onFinish}>{connect.finish}</Button>
      </Group>
    </>
  );
}

function MakeToken({ app }: { readonly app: AppView }): ReactNode {
  const issue = useMutation({
    ...api.tokens.issue.mutationOptions({
      onSuccess: ({ token }) => newToken.set({ appId: app.id, token }),
    }),
    gcTime: 0,
  });
  const { connect } = text;
  return (
    <>
      <p className="tg-step-note">
        {connect.tokenGone}{' '}
        <Anchor
          component="button"
          type="button"
          inherit
          onClick={() => issue.mutate({ app: app.id, label: connect.tokenLabel })}
        >
          {connect.tokenMake}
        </Anchor>
      </p>
      {issue.isError && <StepError error={issue.error} />}
    </>
  );
}
