import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { putApp } from '../../api/app-cache.ts';
import { api } from '../../api/client.ts';
import { Dialog } from '../../components/dialog.tsx';
import { TokenReveal } from '../../components/token-reveal.tsx';

interface Made {
  readonly app: AppView;
  readonly token: string;
}

/** For calls that answer with a token: what they change is shown, and the token is not remembered. */
export function useTokenOptions(): { readonly gcTime: 0; onSuccess(made: Made): void } {
  const queries = useQueryClient();
  return { gcTime: 0, onSuccess: (made) => onMade(queries, made) };
}

function onMade(queries: QueryClient, { app }: Made): void {
  putApp(queries, app);
  void queries.invalidateQueries({ queryKey: api.tokens.key() });
}

export interface IssuedTokenProps {
  readonly made: Made;
  readonly title: string;
  readonly note?: string | undefined;
  /** The user has it: it is forgotten here. */
  onStored(): void;
}

/** A token, this once. Closed by nothing but the word that it is stored. */
export function IssuedToken({ made, title, note, onStored }: IssuedTokenProps): ReactNode {
  return (
    <Dialog isOpen isHeld onClose={onStored} title={title} size={640}>
      <TokenReveal
        app={made.app}
        token={made.token}
        {...(note === undefined ? {} : { note })}
        onStored={onStored}
      />
    </Dialog>
  );
}
