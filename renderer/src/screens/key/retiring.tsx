import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import type { KeyStatus } from '../../../../proxy/contract/keys.ts';
import { LINKS } from '../../../../proxy/contract/links.ts';
import { api } from '../../api/client.ts';
import { useLiveEvents } from '../../api/live-events.ts';
import { ExternalLink } from '../../components/external-link.tsx';
import { Section } from '../../components/section.tsx';
import { keyText } from '../../text/key.ts';
import { kindName } from './kind-name.ts';

const { retiring: text, change } = keyText;

/** After a request has ended, its key is free at once; a burst of ends is asked about once. */
const SETTLED_MS = 600;

/** Keys that were replaced while requests used them. */
export function Retiring({ keys }: { readonly keys: KeyStatus['retiring'] }): ReactNode {
  useCountsAgain();
  return (
    <Section
      title={text.title}
      lead={text.lead}
      actions={<ExternalLink href={LINKS.openaiKeys}>{change.delete}</ExternalLink>}
    >
      <ul className="tg-key-kinds">
        {keys.map(({ fingerprint, kind, requests }) => (
          <li key={fingerprint}>
            <code className="tg-mono">{fingerprint}</code>
            <span>{kindName(kind)}</span>
            <span className="tg-dim tg-num">{text.requests(requests)}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

/** The state of the key is told when it changes; how many requests still use an old one is not. */
function useCountsAgain(): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  useLiveEvents('requests', (events) => {
    const isAnyOver = events.some(({ requests, skipped }) => {
      return skipped > 0 || requests.some(({ outcome }) => outcome !== 'open');
    });
    if (!isAnyOver || timer.current !== null) return;
    timer.current = setTimeout(() => {
      timer.current = null;
      void queries.invalidateQueries({ queryKey: api.keys.status.key() });
    }, SETTLED_MS);
  });
  useEffect(
    () => () => {
      if (timer.current !== null) clearTimeout(timer.current);
    },
    [],
  );
}
