import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { putApp } from '../../api/app-cache.ts';
import { api } from '../../api/client.ts';
import { CallError } from '../../components/call-error.tsx';
import { appPolicyText as text } from '../../text/app-policy.ts';
import { type PolicyDraft, policyDraftOf, readPolicy } from './policy-draft.ts';
import { AbortFields, BrowserFields, EndpointFields, ModelFields, RateFields } from './policy-fields.tsx';
import { ScopedLimits } from './scoped-limits.tsx';

/** What an app may ask for beside its limits; nothing changes before it is saved. */
// biome-ignore lint/style/noDefaultExport: React.lazy takes a default export
export default function PolicyPart({ app }: { readonly app: AppView }): ReactNode {
  const queries = useQueryClient();
  const [edited, setEdited] = useState<PolicyDraft | null>(null);
  const [isTried, setTried] = useState(false);
  const [untouched, setUntouched] = useState(() => ({
    policy: app.policy,
    draft: policyDraftOf(app.policy),
  }));
  // What is not edited here follows what others change, and what is edited stays as it was typed.
  if (edited === null && JSON.stringify(untouched.policy) !== JSON.stringify(app.policy)) {
    setUntouched({ policy: app.policy, draft: policyDraftOf(app.policy) });
  }
  const draft = edited ?? untouched.draft;
  const read = readPolicy(app.policy, draft);
  const change = useMutation(
    api.apps.change.mutationOptions({
      onSuccess: (changed) => {
        putApp(queries, changed);
        setEdited(null);
        setTried(false);
        notifications.show({ message: text.saved });
      },
    }),
  );
  const set = (patch: Partial<PolicyDraft>): void => setEdited({ ...draft, ...patch });
  const discard = (): void => {
    setEdited(null);
    setTried(false);
    change.reset();
  };
  const fields = { draft, read, isTried, onChange: set };
  return (
    <form
      className="tg-app-parts"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (read.patch && read.isChanged) change.mutate({ app: app.id, policy: read.patch });
      }}
    >
      <RateFields {...fields} />
      <ModelFields {...fields} />
      <EndpointFields {...fields} />
      <ScopedLimits {...fields} scope="perUser" />
      <ScopedLimits {...fields} scope="perIp" />
      <BrowserFields {...fields} />
      <AbortFields {...fields} />
      {read.isChanged && (
        <div className="tg-save-bar">
          <CallError error={change.error} />
          <span className="tg-dim">{text.dirty}</span>
          <Button variant="default" onClick={discard}>
            {text.discard}
          </Button>
          <Button type="submit" loading={change.isPending}>
            {text.save}
          </Button>
        </div>
      )}
    </form>
  );
}
