import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { RequestDetail } from '../../../../proxy/contract/requests.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { exactTime } from '../../format/time.ts';
import { requestDetailText as text } from '../../text/request-detail.ts';

/** Who has asked for what, and the ids to look it up elsewhere. */
export function RequestFacts({
  detail,
  zone,
}: {
  readonly detail: RequestDetail;
  readonly zone: string;
}): ReactNode {
  const { request, token, address } = detail;
  const words = text.facts;
  const other = request.servedModel !== null && request.servedModel !== request.model;
  return (
    <section>
      <h2>{words.title}</h2>
      <Facts>
        <Fact name={words.id} value={<Id id={request.id} label={words.copyId} />} />
        <Fact
          name={words.upstreamId}
          value={request.upstreamId && <Id id={request.upstreamId} label={words.copyUpstream} />}
        />
        <Fact name={words.at} value={exactTime(request.at, zone)} />
        <Fact
          name={words.app}
          value={
            <Anchor component={Link} to={`/apps/${request.appId}`} inherit>
              {request.app}
            </Anchor>
          }
        />
        <Fact name={words.token} value={token && words.tokenNo(token.id, token.label)} />
        <Fact name={words.endpoint} value={<span className="tg-mono">{request.endpoint}</span>} />
        <Fact name={words.model} value={request.model} />
        {other && <Fact name={words.servedModel} value={request.servedModel} />}
        <Fact name={words.tier} value={request.serviceTier} />
        <Fact name={words.status} value={request.status === null ? null : String(request.status)} />
        <Fact name={words.streamed} value={request.streamed ? words.yes : words.no} />
        {request.user !== null && <Fact name={words.user} value={request.user} />}
        {address !== null && <Fact name={words.address} value={address} />}
      </Facts>
    </section>
  );
}

function Id({ id, label }: { readonly id: string; readonly label: string }): ReactNode {
  return (
    <span className="tg-id">
      <span className="tg-mono">{id}</span>
      <CopyButton text={id} label={label} />
    </span>
  );
}
