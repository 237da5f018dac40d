import { Anchor } from '@mantine/core';
import { IconCircleCheck, IconCircleDot, IconHelpCircle } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Finding } from '../../../../proxy/contract/checklist.ts';
import { ExternalLink } from '../../components/external-link.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import { securityText as text } from '../../text/security.ts';
import { FixButton } from './fix-button.tsx';
import { KeyCapFix } from './key-cap-fix.tsx';

const TONES: Readonly<Record<Finding['severity'], Tone>> = { high: 'bad', medium: 'warn', low: 'quiet' };
const ICONS = {
  open: IconCircleDot,
  unknown: IconHelpCircle,
  confirmed: IconCircleCheck,
  ok: IconCircleCheck,
} as const;

/** One point: how grave, how it is, and the one thing to do about it. */
export function FindingRow({ finding }: { readonly finding: Finding }): ReactNode {
  const { id, severity, state, title, detail, appId, fix, link } = finding;
  const Icon = ICONS[state];
  const isDone = state === 'ok' || state === 'confirmed';
  return (
    <li className="tg-finding" data-state={state}>
      <Icon size={18} stroke={1.8} aria-hidden="true" className="tg-finding-icon" />
      <div className="tg-finding-text">
        <div className="tg-finding-title">
          <span>{title}</span>
          {isDone ? (
            <span className="tg-dim">{text.states[state]}</span>
          ) : (
            <StatusBadge tone={TONES[severity]}>{text.severity[severity]}</StatusBadge>
          )}
          {fix?.kind === 'confirm' && <span className="tg-dim">{text.onlyYou}</span>}
        </div>
        <div className="tg-dim">{detail}</div>
      </div>
      <div className="tg-finding-actions">
        {link && <ExternalLink href={link.url}>{link.label}</ExternalLink>}
        {appId !== null && (
          <Anchor
            inherit
            renderRoot={(props) => (
              <Link {...props} to="/apps/$appId" params={{ appId }}>
                {text.app}
              </Link>
            )}
          />
        )}
        {id.startsWith('key-') && id !== 'key-cap' && !isDone && (
          <Anchor
            inherit
            renderRoot={(props) => (
              <Link {...props} to="/key">
                {text.key}
              </Link>
            )}
          />
        )}
        {id === 'key-cap' && state === 'open' && <KeyCapFix />}
        {fix && <FixButton id={id} title={title} fix={fix} />}
      </div>
    </li>
  );
}
