import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import type { TokenView } from '../../../../proxy/contract/tokens.ts';
import { api } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { appTokensText as text } from '../../text/app-tokens.ts';
import { tokenName } from './tokens-part.tsx';

/** Ends one token, after it was asked once. */
export function RevokeButton({
  app,
  token,
}: {
  readonly app: AppView;
  readonly token: TokenView;
}): ReactNode {
  const queries = useQueryClient();
  const revoke = useMutation(
    api.tokens.revoke.mutationOptions({
      onSuccess: (list) => queries.setQueryData(api.tokens.list.queryKey({ input: { app: app.id } }), list),
      onError: showError,
    }),
  );
  const name = tokenName(token);
  return (
    <ConfirmButton
      size="compact-xs"
      aria-label={text.revokeOf(name)}
      question={text.revokeQuestion(name)}
      confirmLabel={text.revoke}
      loading={revoke.isPending}
      onConfirm={() => revoke.mutate({ app: app.id, id: token.id })}
    >
      {text.revoke}
    </ConfirmButton>
  );
}
