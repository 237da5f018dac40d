import type { ReactNode } from 'react';
import type { RequestDetail } from '../../../../proxy/contract/requests.ts';
import { count } from '../../format/count.ts';
import { pricePerMillion } from '../../format/money.ts';
import { requestDetailText as text } from '../../text/request-detail.ts';

interface Line {
  readonly name: string;
  readonly used: number | null;
  readonly bound?: number | undefined;
  readonly rate: number | undefined;
  readonly isPart?: boolean;
}

/** What it has used of what was held for, and what a million of each costs. */
export function TokenTable({ detail }: { readonly detail: RequestDetail }): ReactNode {
  const { request, price } = detail;
  const words = text.tokens;
  const rates = price?.rates;
  const hasAudio = rates?.audioInput !== undefined || rates?.audioOutput !== undefined;
  if (request.outcome === 'refused') return null;
  const lines: readonly Line[] = [
    { name: words.input, used: request.inputTokens, bound: detail.holdInputTokens, rate: rates?.input },
    { name: words.cached, used: request.cachedInputTokens, rate: rates?.cachedInput, isPart: true },
    { name: words.output, used: request.outputTokens, bound: detail.holdOutputTokens, rate: rates?.output },
    { name: words.reasoning, used: request.reasoningTokens, rate: rates?.output, isPart: true },
    ...(hasAudio
      ? [
          { name: words.audioInput, used: null, rate: rates?.audioInput },
          { name: words.audioOutput, used: null, rate: rates?.audioOutput },
        ]
      : []),
  ];
  return (
    <section>
      <h2>{words.title}</h2>
      <table className="tg-tokens">
        <thead>
          <tr>
            <th scope="col">{words.kind}</th>
            <th scope="col">{words.used}</th>
            <th scope="col">{words.bound}</th>
            <th scope="col">{words.price}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map(({ name, used, bound, rate, isPart = false }) => (
            <tr key={name} data-part={isPart || undefined}>
              <th scope="row">{name}</th>
              <td>{count(used)}</td>
              <td>{bound === undefined ? '' : count(bound)}</td>
              <td>{rate === undefined ? '—' : pricePerMillion(rate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="tg-fine">
        {price === null ? text.price.unknown : text.price.source(price.source, price.asOf)}{' '}
        {request.serviceTier !== null &&
          request.serviceTier !== 'default' &&
          text.price.tier(request.serviceTier)}{' '}
        {price?.longContext && text.price.long(count(price.longContext.aboveInputTokens))}{' '}
        {hasAudio && words.audio}
      </p>
    </section>
  );
}
