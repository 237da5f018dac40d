import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { appScreen } from '../../../../proxy/contract/screens.ts';
import { putApp } from '../../api/app-cache.ts';
import { api } from '../../api/client.ts';
import { Dialog } from '../../components/dialog.tsx';
import { TokenReveal } from '../../components/token-reveal.tsx';
import { newAppText as text } from '../../text/new-app.ts';
import { emptyDraft } from './new-app-draft.ts';
import { NewAppForm } from './new-app-form.tsx';

/** Makes an app, then shows its token, which cannot be closed by accident. */
// biome-ignore lint/style/noDefaultExport: React.lazy takes a default export
export default function NewAppDialog({ onClose }: { onClose(): void }): ReactNode {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [draft, setDraft] = useState(emptyDraft);
  const create = useMutation(
    api.apps.create.mutationOptions({ onSuccess: ({ app }) => putApp(queries, app), gcTime: 0 }),
  );
  const made = create.data;
  const token = made?.token ?? null;
  if (made && token !== null) {
    return (
      <Dialog isOpen isHeld onClose={onClose} title={text.ready(made.app.name)} size={640}>
        <TokenReveal
          app={made.app}
          token={token}
          waits
          onStored={() => {
            create.reset();
            void navigate({ to: appScreen(made.app.id) });
          }}
        />
      </Dialog>
    );
  }
  return (
    <Dialog isOpen onClose={onClose} title={text.title} size={640}>
      <NewAppForm
        draft={draft}
        onChange={setDraft}
        error={create.error}
        isPending={create.isPending}
        onSubmit={(app) => create.mutate(app)}
        onCancel={onClose}
      />
    </Dialog>
  );
}
