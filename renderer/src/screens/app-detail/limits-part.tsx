import { Button } from '@mantine/core';
import { IconGauge, IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { lazy, type ReactNode, Suspense } from 'react';
import type { AppView, LimitView } from '../../../../proxy/contract/apps.ts';
import { WINDOWS } from '../../../../proxy/contract/limits.ts';
import { api } from '../../api/client.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { appLimitsText as text } from '../../text/app-limits.ts';
import { LimitRow } from './limit-row.tsx';

const LimitEditor = lazy(() => import('./limit-editor.tsx'));
const RaiseDialog = lazy(() => import('./raise-dialog.tsx'));

export interface PartProps {
  readonly app: AppView;
  /** What is open in the address: `new`, or the id of a limit with what is done to it. */
  readonly open: string | null;
  onOpen(what: string | null): void;
}

/** Where every limit of the app stands, where it is going, and how it is changed. */
export function LimitsPart({ app, open, onOpen }: PartProps): ReactNode {
  const forecasts = useQuery(api.usage.forecast.queryOptions({ input: { app: app.id } }));
  const limits = [...app.limits].sort(byWindow);
  const [what, id] = (open ?? '').split('-', 2);
  const opened = limits.find((limit) => String(limit.id) === id);
  const close = (): void => onOpen(null);
  const add = (): void => onOpen('new');
  return (
    <section className="tg-card tg-part" aria-labelledby="app-limits">
      <header className="tg-part-head">
        <h2 id="app-limits">{text.title}</h2>
        {limits.length > 0 && (
          <Button variant="default" leftSection={<IconPlus size={14} />} onClick={add}>
            {text.add}
          </Button>
        )}
      </header>
      {limits.length === 0 ? (
        <EmptyState
          icon={<IconGauge size={22} stroke={1.6} />}
          title={text.empty.title}
          what={text.empty.what}
          next={<Button onClick={add}>{text.add}</Button>}
        />
      ) : (
        <ul className="tg-limit-rows">
          {limits.map((limit) => (
            <LimitRow
              key={limit.id}
              app={app}
              limit={limit}
              forecast={forecasts.data?.forecasts.find((forecast) => forecast.limit.id === limit.id)}
              onChange={() => onOpen(`change-${limit.id}`)}
              onRaise={() => onOpen(`raise-${limit.id}`)}
            />
          ))}
        </ul>
      )}
      <Suspense>
        {open === 'new' && <LimitEditor key="new" app={app} limit={null} onClose={close} />}
        {what === 'change' && opened && (
          <LimitEditor key={opened.id} app={app} limit={opened} onClose={close} />
        )}
        {what === 'raise' && opened && <RaiseDialog app={app} limit={opened} onClose={close} />}
      </Suspense>
    </section>
  );
}

/** The shortest time first, dollars before the rest. */
function byWindow(a: LimitView, b: LimitView): number {
  return WINDOWS.indexOf(a.window) - WINDOWS.indexOf(b.window) || a.id - b.id;
}
