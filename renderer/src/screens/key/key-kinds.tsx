import type { ReactNode } from 'react';
import { Section } from '../../components/section.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { keyText } from '../../text/key.ts';

const { takes: text, kinds } = keyText;

const KINDS = [
  { name: kinds.project, prefix: 'sk-proj-…', isTaken: true, why: text.project },
  { name: kinds['service-account'], prefix: 'sk-svcacct-…', isTaken: true, why: text.service },
  { name: kinds.legacy, prefix: 'sk-…', isTaken: true, why: text.legacy },
  { name: text.adminName, prefix: 'sk-admin-…', isTaken: false, why: text.admin },
  { name: text.shortName, prefix: 'sk-…abcd', isTaken: false, why: text.short },
];

/** Which keys can be stored, told before one is pasted. */
export function KeyKinds(): ReactNode {
  return (
    <Section title={text.title}>
      <ul className="tg-key-kinds">
        {KINDS.map(({ name, prefix, isTaken, why }) => (
          <li key={name}>
            <StatusBadge tone={isTaken ? 'good' : 'bad'}>{isTaken ? text.yes : text.no}</StatusBadge>
            <span>
              {name} <code className="tg-mono tg-dim">{prefix}</code>
            </span>
            <span className="tg-dim">{why}</span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
