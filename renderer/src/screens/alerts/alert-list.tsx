import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useCallback, useRef } from 'react';
import type { AlertView } from '../../../../proxy/contract/alerts.ts';
import { useRowCursor } from '../../components/use-row-cursor.ts';
import { useShortcuts } from '../../palette/shortcuts.ts';
import { alertsText as text } from '../../text/alerts.ts';
import { AlertItem, type Channels } from './alert-item.tsx';
import type { AlertActions } from './use-alert-actions.ts';

const USUAL_HEIGHT = 92;

export interface AlertListProps {
  readonly alerts: readonly AlertView[];
  readonly channels: Channels;
  readonly actions: AlertActions;
  onEnd(): void;
}

/** Alerts of any number and of any height; only those in view are in the page. */
export function AlertList({ alerts, channels, actions, onEnd }: AlertListProps): ReactNode {
  const scroll = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: alerts.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => USUAL_HEIGHT,
    getItemKey: (index) => alerts[index]?.id ?? index,
    overscan: 6,
    onChange: (instance) => {
      const last = instance.getVirtualItems().at(-1);
      if (last && last.index >= alerts.length - 3) onEnd();
    },
  });
  const show = useCallback((index: number) => virtualizer.scrollToIndex(index), [virtualizer]);
  const keyAt = useCallback((index: number) => alerts[index] && String(alerts[index].id), [alerts]);
  const cursor = useRowCursor(alerts.length, show, undefined, keyAt);
  useShortcuts([
    { keys: 'j', label: text.shortcuts.next, run: () => cursor.moveBy(1) },
    { keys: 'k', label: text.shortcuts.previous, run: () => cursor.moveBy(-1) },
    {
      keys: 'e',
      label: text.shortcuts.acknowledge,
      run: () => {
        const alert = alerts[cursor.index];
        if (alert && alert.acknowledgedAt === null) actions.acknowledge(alert.id);
      },
    },
  ]);
  return (
    <section
      className="tg-card tg-alerts-scroll"
      ref={scroll}
      aria-label={text.list}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keyboard, too
      tabIndex={0}
      onKeyDown={cursor.onKeyDown}
    >
      <ol className="tg-alerts-list" style={{ height: virtualizer.getTotalSize() }}>
        {virtualizer.getVirtualItems().map(({ index, key, start }) => {
          const alert = alerts[index];
          if (!alert) return null;
          return (
            <li
              key={key}
              ref={virtualizer.measureElement}
              data-index={index}
              data-cursor={index === cursor.index || undefined}
              aria-setsize={alerts.length}
              aria-posinset={index + 1}
              style={{ transform: `translateY(${start}px)` }}
            >
              <AlertItem alert={alert} channels={channels} actions={actions} />
            </li>
          );
        })}
      </ol>
    </section>
  );
}
