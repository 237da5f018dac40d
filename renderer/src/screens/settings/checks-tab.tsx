import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { DoctorCheck } from '../../../../proxy/contract/engine-status.ts';
import { api } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { Section } from '../../components/section.tsx';
import { StatusBadge, type Tone } from '../../components/status-badge.tsx';
import { settingsText } from '../../text/settings.ts';

const { checks: text } = settingsText;
const TONES: Readonly<Record<DoctorCheck['state'], Tone>> = {
  ok: 'good',
  warning: 'warn',
  failed: 'bad',
  skipped: 'quiet',
};
const RANK: Readonly<Record<DoctorCheck['state'], number>> = { failed: 0, warning: 1, skipped: 2, ok: 3 };

/** What `tollgate doctor` says, here. */
export function ChecksTab(): ReactNode {
  const query = useQuery(api.engine.doctor.queryOptions());
  const checks = query.data?.checks ?? [];
  const countOf = (state: DoctorCheck['state']): number =>
    checks.filter((check) => check.state === state).length;
  const [failed, warnings] = [countOf('failed'), countOf('warning')];
  return (
    <Section
      title={text.title}
      lead={text.lead}
      isFlush
      actions={
        <>
          {query.isSuccess && (
            <span className="tg-settings-summary" role="status">
              <StatusBadge tone={failed > 0 ? 'bad' : warnings > 0 ? 'warn' : 'good'}>
                {failed + warnings === 0 ? text.allOk : text.summary(failed, warnings)}
              </StatusBadge>
            </span>
          )}
          <Button
            variant="default"
            leftSection={<IconRefresh size={14} />}
            loading={query.isFetching}
            onClick={() => void query.refetch()}
          >
            {text.again}
          </Button>
        </>
      }
    >
      {query.isPending ? (
        <div className="tg-settings-pad">
          <LoadingRows rows={9} height={52} />
        </div>
      ) : query.isError ? (
        <ErrorState error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <ul className="tg-rows">
          {[...checks]
            .sort((a, b) => RANK[a.state] - RANK[b.state])
            .map(({ id, title, state, detail, hint }) => (
              <li key={id} className="tg-row tg-check">
                <StatusBadge tone={TONES[state]}>{text.states[state]}</StatusBadge>
                <div className="tg-row-title">{title}</div>
                <div>
                  <div>{detail}</div>
                  {hint !== null && <div className="tg-dim">{hint}</div>}
                </div>
              </li>
            ))}
        </ul>
      )}
    </Section>
  );
}
