import type { ReactNode } from 'react';
import type { KeyStatus } from '../../../../proxy/contract/keys.ts';
import { LINKS } from '../../../../proxy/contract/links.ts';
import { useStore } from '../../api/store.ts';
import { CopyButton } from '../../components/copy-button.tsx';
import { ExternalLink } from '../../components/external-link.tsx';
import { Fact, Facts } from '../../components/facts.tsx';
import { RelativeTime } from '../../components/relative-time.tsx';
import { useNow } from '../../format/now.ts';
import { keyText as text } from '../../text/key.ts';
import { kindName } from './kind-name.ts';
import { lastCheck } from './last-check.ts';

const DAY_MS = 86_400_000;
/** As in the security checklist. */
const OLD_DAYS = 180;

/** All that may be told of the key. */
export function KeyFacts({ status }: { readonly status: KeyStatus }): ReactNode {
  const { backend, kind, fingerprint, storedAt, state } = status;
  const check = useStore(lastCheck);
  const nowMs = useNow();
  const isKnown = state === 'ready' || state === 'rejected';
  const days = storedAt === null ? 0 : Math.floor((nowMs - Date.parse(storedAt)) / DAY_MS);
  return (
    <Facts>
      <Fact name={text.facts.backend} value={backend} />
      {isKnown && <Fact name={text.facts.kind} value={kind === null ? null : kindName(kind)} />}
      {fingerprint !== null && (
        <Fact
          name={text.facts.fingerprint}
          value={
            <>
              <span className="tg-key-mark">
                <code className="tg-mono">{fingerprint}</code>
                <CopyButton text={fingerprint} label={text.copyFingerprint} />
              </span>
              <div className="tg-dim">{text.facts.fingerprintWhat}</div>
            </>
          }
        />
      )}
      {isKnown && (
        <Fact
          name={text.facts.stored}
          value={
            <>
              <RelativeTime at={storedAt} never={text.facts.storedUnknown} />
              {days > OLD_DAYS && (
                <div>
                  {text.old(days)} <ExternalLink href={LINKS.openaiKeys}>{text.links.keys}</ExternalLink>
                </div>
              )}
            </>
          }
        />
      )}
      {isKnown && (
        <Fact
          name={text.facts.checked}
          value={
            check === null || check.fingerprint !== fingerprint ? (
              <span className="tg-dim">{text.facts.checkedNever}</span>
            ) : (
              <span role="status" className={check.ok ? 'tg-key-ok' : 'tg-key-bad'}>
                {check.message}
                <span className="tg-key-when">
                  <RelativeTime at={check.at} />
                </span>
              </span>
            )
          }
        />
      )}
    </Facts>
  );
}
