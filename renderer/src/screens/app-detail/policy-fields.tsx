import { Checkbox, TagsInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { OPT_INS } from '../../../../proxy/contract/app-policy.ts';
import { api } from '../../api/client.ts';
import { Choice } from '../../components/choice.tsx';
import { appPolicyText as text } from '../../text/app-policy.ts';
import type { CountRule, PolicyDraft, ReadPolicy } from './policy-draft.ts';

export interface PolicyFieldsProps {
  readonly draft: PolicyDraft;
  readonly read: ReadPolicy;
  readonly isTried: boolean;
  onChange(patch: Partial<PolicyDraft>): void;
}

interface CountFieldProps extends PolicyFieldsProps {
  readonly rule: CountRule;
  readonly label: string;
  readonly what: string;
}

function CountField({ draft, read, isTried, onChange, rule, label, what }: CountFieldProps): ReactNode {
  return (
    <TextInput
      label={label}
      description={what}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={text.noLimit}
      value={draft.counts[rule]}
      onChange={({ currentTarget }) => onChange({ counts: { ...draft.counts, [rule]: currentTarget.value } })}
      error={isTried ? read.counts[rule] : undefined}
      inputMode="numeric"
      autoComplete="off"
    />
  );
}

export function RateFields(props: PolicyFieldsProps): ReactNode {
  const { rates } = text;
  return (
    <section className="tg-card tg-part" aria-labelledby="policy-rates">
      <h2 id="policy-rates">{rates.title}</h2>
      <div className="tg-policy-grid">
        <CountField {...props} rule="rpm" label={rates.rpm} what={rates.rpmWhat} />
        <CountField {...props} rule="tpm" label={rates.tpm} what={rates.tpmWhat} />
        <CountField {...props} rule="concurrency" label={rates.concurrency} what={rates.concurrencyWhat} />
      </div>
    </section>
  );
}

export function ModelFields(props: PolicyFieldsProps): ReactNode {
  const { draft, onChange } = props;
  const { models } = text;
  const seen = useQuery(api.requests.facets.queryOptions()).data?.models ?? [];
  return (
    <section className="tg-card tg-part" aria-labelledby="policy-models">
      <h2 id="policy-models">{models.title}</h2>
      <div className="tg-policy-grid" data-wide>
        <TagsInput
          label={models.label}
          description={models.what}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          placeholder={draft.models.length === 0 ? models.placeholder : ''}
          data={seen}
          value={[...draft.models]}
          onChange={(list) => onChange({ models: list })}
          maxTags={100}
          size="sm"
        />
        <CountField
          {...props}
          rule="maxOutputTokens"
          label={models.maxOutputTokens}
          what={models.maxOutputTokensWhat}
        />
      </div>
      <Choice
        label={models.unpriced}
        value={draft.unpriced}
        onChange={(unpriced) => onChange({ unpriced })}
        options={(['deny', 'dearest'] as const).map((value) => ({ value, ...models.unpricedOptions[value] }))}
      />
    </section>
  );
}

export function EndpointFields({ draft, onChange }: PolicyFieldsProps): ReactNode {
  const { endpoints } = text;
  return (
    <section className="tg-card tg-part" aria-labelledby="policy-endpoints">
      <h2 id="policy-endpoints">{endpoints.title}</h2>
      <p className="tg-dim">{endpoints.what}</p>
      <div className="tg-opt-ins">
        {OPT_INS.map((name) => (
          <Checkbox
            key={name}
            size="xs"
            label={endpoints.options[name].title}
            description={endpoints.options[name].what}
            checked={draft.allow.includes(name)}
            onChange={({ currentTarget }) =>
              onChange({
                allow: OPT_INS.filter((each) =>
                  each === name ? currentTarget.checked : draft.allow.includes(each),
                ),
              })
            }
          />
        ))}
      </div>
    </section>
  );
}

export function BrowserFields({ draft, onChange }: PolicyFieldsProps): ReactNode {
  const { browser } = text;
  return (
    <section className="tg-card tg-part" aria-labelledby="policy-browser">
      <h2 id="policy-browser">{browser.title}</h2>
      <TagsInput
        label={browser.label}
        description={browser.what}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
        placeholder={draft.origins.length === 0 ? browser.placeholder : ''}
        value={[...draft.origins]}
        onChange={(origins) => onChange({ origins })}
        maxTags={50}
        size="sm"
      />
    </section>
  );
}

export function AbortFields({ draft, onChange }: PolicyFieldsProps): ReactNode {
  const { aborts } = text;
  return (
    <section className="tg-card tg-part">
      <Choice
        label={aborts.title}
        value={draft.onAbort}
        onChange={(onAbort) => onChange({ onAbort })}
        options={(['cut', 'drain'] as const).map((value) => ({ value, ...aborts.options[value] }))}
      />
    </section>
  );
}
