import { Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { ALERT_KINDS, type AlertKind } from '../../../../proxy/contract/alert-words.ts';
import type { AlertSettings } from '../../../../proxy/contract/alerts.ts';
import { exactUsd, parseUsd } from '../../../../proxy/contract/money.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { LoadingRows } from '../../components/loading-rows.tsx';
import { alertsText as text } from '../../text/alerts.ts';
import { NumberRule } from './number-rule.tsx';
import { RuleCard } from './rule-card.tsx';
import { ThresholdEditor } from './threshold-editor.tsx';
import { useAlertSettings } from './use-alert-settings.ts';
import { WebhookCard } from './webhook-card.tsx';

const isWhole = (typed: string, most: number): boolean =>
  /^\d{1,7}$/.test(typed.trim()) && Number(typed) >= 1 && Number(typed) <= most;
const isFactor = (typed: string): boolean =>
  /^\d{1,4}(\.\d{1,3})?$/.test(typed.trim()) && Number(typed) >= 1.5 && Number(typed) <= 1_000;
/** The contract's most: a million dollars. */
const isLeast = (typed: string): boolean => (parseUsd(typed) ?? Number.POSITIVE_INFINITY) <= 1_000_000 * 1e9;

/** What is worth an alert, and where alerts go. */
export function AlertRules(): ReactNode {
  const { settings, error, retry, change } = useAlertSettings();
  if (error && !settings) return <ErrorState error={error} onRetry={retry} />;
  if (!settings) return <LoadingRows rows={10} />;
  const { rules, channels } = text;
  const { unusual, refusals } = settings;
  return (
    <div className="tg-rules">
      <div className="tg-rules-column">
        <RuleCard title={rules.thresholds.title} what={rules.thresholds.what}>
          <ThresholdEditor
            thresholds={settings.thresholds}
            onChange={(thresholds) => change({ thresholds })}
          />
        </RuleCard>
        <RuleCard title={rules.unusual.title} what={rules.unusual.what}>
          <NumberRule
            fields={[
              {
                name: 'factor',
                label: rules.unusual.factor,
                value: String(unusual.factor),
                wrong: rules.unusual.wrongFactor,
                isRight: isFactor,
              },
              {
                name: 'least',
                label: rules.unusual.least,
                value: exactUsd(unusual.minNanoUsd),
                wrong: rules.unusual.wrongLeast,
                isRight: isLeast,
              },
            ]}
            onSave={({ factor, least }) =>
              change({ unusual: { factor: Number(factor), minNanoUsd: parseUsd(least ?? '') ?? 0 } })
            }
          />
        </RuleCard>
        <RuleCard title={rules.refusals.title} what={rules.refusals.what}>
          <NumberRule
            fields={[
              {
                name: 'count',
                label: rules.refusals.count,
                value: String(refusals.count),
                wrong: rules.refusals.wrongCount,
                isRight: (typed) => isWhole(typed, 1_000_000),
              },
              {
                name: 'minutes',
                label: rules.refusals.minutes,
                value: String(refusals.minutes),
                wrong: rules.refusals.wrongMinutes,
                isRight: (typed) => isWhole(typed, 1_440),
              },
            ]}
            onSave={({ count, minutes }) =>
              change({ refusals: { count: Number(count), minutes: Number(minutes) } })
            }
          />
        </RuleCard>
        <RuleCard title={channels.desktop.title} what={channels.desktop.what}>
          <Switch
            label={channels.desktop.switch}
            checked={settings.desktop}
            onChange={({ currentTarget }) => change({ desktop: currentTarget.checked })}
          />
        </RuleCard>
        <WebhookCard />
      </div>
      <div className="tg-rules-column">
        <RuleCard title={rules.kinds.title} what={rules.kinds.what}>
          <ul className="tg-kinds">
            {ALERT_KINDS.map((kind) => (
              <li key={kind}>
                <Switch
                  label={text.kinds[kind]}
                  description={text.kindWhat[kind]}
                  checked={!settings.muted.includes(kind)}
                  onChange={({ currentTarget }) =>
                    change({ muted: mutedAfter(settings, kind, !currentTarget.checked) })
                  }
                />
              </li>
            ))}
          </ul>
        </RuleCard>
      </div>
    </div>
  );
}

function mutedAfter({ muted }: AlertSettings, kind: AlertKind, isMuted: boolean): AlertKind[] {
  const others = muted.filter((other) => other !== kind);
  return isMuted ? [...others, kind] : others;
}
