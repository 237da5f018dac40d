import { Anchor, Drawer } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CoverageRow } from '../../../../proxy/contract/coverage.ts';
import { api } from '../../api/client.ts';
import { Fact, Facts } from '../../components/facts.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { coverageText } from '../../text/coverage.ts';
import { TONES } from './coverage-columns.tsx';
import { asSentence } from './coverage-filter.ts';

const { detail: text } = coverageText;

/** One route: what is done with it, why, and which apps may use it. */
export function RouteDrawer({ route, onClose }: { readonly route: CoverageRow; onClose(): void }): ReactNode {
  const { method, path, how, note } = route;
  const noteName = how === 'metered' ? text.metered : how === 'refused' ? text.refused : text.note;
  return (
    <Drawer opened onClose={onClose} position="right" size={440} className="tg-route" title={text.title}>
      <p className="tg-route-path tg-mono">
        {method !== null && <b>{method} </b>}
        {path}
      </p>
      {method === null && <p className="tg-dim">{text.family}</p>}
      <Facts>
        <Fact
          name={text.how}
          value={
            <>
              <StatusBadge tone={TONES[how]}>{coverageText.how[how]}</StatusBadge>
              <p className="tg-route-held">{text.held[how]}</p>
            </>
          }
        />
        {note !== '' && <Fact name={noteName} value={asSentence(note)} />}
        <Fact name={text.optIn} value={<OptInNeeded route={route} />} />
        {route.optIn !== null && <Fact name={text.allowedBy} value={<AllowedApps optIn={route.optIn} />} />}
      </Facts>
    </Drawer>
  );
}

function OptInNeeded({ route: { how, optIn } }: { readonly route: CoverageRow }): ReactNode {
  if (how === 'refused') return text.never;
  if (optIn === null) return text.none;
  return (
    <>
      <code className="tg-mono">{optIn}</code>
      <p className="tg-route-held">{text.change}</p>
    </>
  );
}

function AllowedApps({ optIn }: { readonly optIn: NonNullable<CoverageRow['optIn']> }): ReactNode {
  const apps = useQuery(api.apps.list.queryOptions()).data?.apps ?? [];
  const allowed = apps.filter(({ policy }) => policy.allow.includes(optIn));
  return (
    <ul className="tg-route-apps">
      {allowed.length === 0 && <li className="tg-dim">{text.nobody}</li>}
      {allowed.map(({ id, name }) => (
        <li key={id}>
          <Anchor
            inherit
            renderRoot={(props) => (
              <Link {...props} to="/apps/$appId" params={{ appId: id }}>
                {name}
              </Link>
            )}
          />
        </li>
      ))}
      {allowed.length === 0 && (
        <li>
          <Anchor
            inherit
            renderRoot={(props) => (
              <Link {...props} to="/apps">
                {text.open}
              </Link>
            )}
          />
        </li>
      )}
    </ul>
  );
}
