import type { ReactNode } from 'react';
import type { KeyStatus } from '../../../../proxy/contract/keys.ts';
import { LINKS } from '../../../../proxy/contract/links.ts';
import { ExternalLink } from '../../components/external-link.tsx';
import { Section } from '../../components/section.tsx';
import { keyText } from '../../text/key.ts';
import { kindName } from './kind-name.ts';

const { retiring: text, change } = keyText;

/** Keys that were replaced while requests used them. */
export function Retiring({ keys }: { readonly keys: KeyStatus['retiring'] }): ReactNode {
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
