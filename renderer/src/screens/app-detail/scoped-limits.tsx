import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type LimitDraft, newDraft } from '../../components/limit-draft.ts';
import { LimitFields } from '../../components/limit-fields.tsx';
import { appPolicyText } from '../../text/app-policy.ts';
import type { PolicyFieldsProps } from './policy-fields.tsx';

export interface ScopedLimitsProps extends PolicyFieldsProps {
  readonly scope: 'perUser' | 'perIp';
}

/** Limits that hold for each end user, or each address, inside of the app. */
export function ScopedLimits({ draft, read, isTried, onChange, scope }: ScopedLimitsProps): ReactNode {
  const text = appPolicyText[scope];
  const limits = draft[scope];
  const set = (next: readonly LimitDraft[]): void => onChange({ [scope]: next });
  return (
    <section className="tg-card tg-part" aria-labelledby={`policy-${scope}`}>
      <header className="tg-part-head">
        <div>
          <h2 id={`policy-${scope}`}>{text.title}</h2>
          <p className="tg-dim">{text.what}</p>
        </div>
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          aria-label={text.add}
          onClick={() => set([...limits, newDraft()])}
        >
          {appPolicyText.addLimit}
        </Button>
      </header>
      {limits.length > 0 && (
        <div className="tg-scoped-limits">
          {limits.map((limit) => (
            <LimitFields
              key={limit.id}
              draft={limit}
              isHardOnly
              problem={isTried ? (read.limits.get(limit.id) ?? null) : null}
              onChange={(changed) => set(limits.map((each) => (each.id === limit.id ? changed : each)))}
              onRemove={() => set(limits.filter(({ id }) => id !== limit.id))}
            />
          ))}
        </div>
      )}
    </section>
  );
}
