import type { ReactNode } from 'react';
import type { Finding } from '../../../../proxy/contract/checklist.ts';
import { securityText } from '../../text/security.ts';

const { progress: text } = securityText;

/** How much of the list is in order; what the user has said counts, and is told apart. */
export function SecurityProgress({ findings }: { readonly findings: readonly Finding[] }): ReactNode {
  const countOf = (...states: Finding['state'][]): number =>
    findings.filter(({ state }) => states.includes(state)).length;
  const [ok, open, unknown, confirmed] = [
    countOf('ok', 'confirmed'),
    countOf('open'),
    countOf('unknown'),
    countOf('confirmed'),
  ];
  const high = findings.filter(({ state, severity }) => state === 'open' && severity === 'high').length;
  const share = (count: number): string => `${(count / findings.length) * 100}%`;
  const facts = [
    ...(open > 0 ? [text.open(open)] : []),
    ...(high > 0 ? [text.high(high)] : []),
    ...(unknown > 0 ? [text.unknown(unknown)] : []),
    ...(confirmed > 0 ? [text.confirmed(confirmed)] : []),
  ];
  return (
    <section className="tg-card tg-progress" aria-label={text.label}>
      <div className="tg-progress-head">
        <strong className="tg-num">{text.of(ok, findings.length)}</strong>
        <span className="tg-dim">{open + unknown === 0 ? text.allOk : facts.join(' · ')}</span>
      </div>
      <div className="tg-progress-track" aria-hidden="true">
        <i data-part="ok" style={{ width: share(ok - confirmed) }} />
        <i data-part="confirmed" style={{ width: share(confirmed) }} />
        <i data-part="unknown" style={{ width: share(unknown) }} />
      </div>
    </section>
  );
}
