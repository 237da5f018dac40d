import { Button } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { AppView } from '../../../../proxy/contract/apps.ts';
import { appSettingsText as text } from '../../text/app-settings.ts';
import { RemoveAppDialog } from '../apps/remove-app-dialog.tsx';
import { ModeCard } from './mode-card.tsx';
import { NameCard } from './name-card.tsx';

/** The mode, the name, and the end of an app. */
// biome-ignore lint/style/noDefaultExport: React.lazy takes a default export
export default function SettingsPart({ app }: { readonly app: AppView }): ReactNode {
  const navigate = useNavigate();
  const [isRemoving, setRemoving] = useState(false);
  return (
    <div className="tg-app-parts">
      <ModeCard app={app} />
      <NameCard app={app} />
      <section className="tg-card tg-part tg-danger" aria-labelledby="app-danger">
        <header className="tg-part-head">
          <div>
            <h2 id="app-danger">{text.danger.title}</h2>
            <p className="tg-dim">{text.danger.what}</p>
          </div>
          <Button color="red" leftSection={<IconTrash size={14} />} onClick={() => setRemoving(true)}>
            {text.danger.button}
          </Button>
        </header>
      </section>
      <RemoveAppDialog
        app={app}
        isOpen={isRemoving}
        onClose={() => setRemoving(false)}
        onRemoved={() => void navigate({ to: '/apps' })}
      />
    </div>
  );
}
