import { SegmentedControl, Text, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { NANO_PER_USD, parseUsd } from '../../../../proxy/contract/money.ts';
import { money } from '../../format/money.ts';
import { onboardingText } from '../../text/onboarding.ts';

const OTHER = 'other';
const text = onboardingText.amount;

export interface AmountChoiceProps {
  readonly label: string;
  /** Whole dollars. */
  readonly presets: readonly number[];
  readonly initialNanoUsd: number;
  /** Null while what is typed is no amount. */
  onChange(nanoUsd: number | null): void;
}

/** One of a few amounts of dollars, or one's own. */
export function AmountChoice({ label, presets, initialNanoUsd, onChange }: AmountChoiceProps): ReactNode {
  const isPreset = presets.some((usd) => usd * NANO_PER_USD === initialNanoUsd);
  const [choice, setChoice] = useState(isPreset ? String(initialNanoUsd / NANO_PER_USD) : OTHER);
  const [own, setOwn] = useState(isPreset ? '' : String(initialNanoUsd / NANO_PER_USD));
  const type = (typed: string): void => {
    setOwn(typed);
    onChange(amountOf(typed));
  };
  return (
    <div className="tg-amount">
      <Text component="span" size="sm" fw={500}>
        {label}
      </Text>
      <SegmentedControl
        size="sm"
        aria-label={label}
        value={choice}
        onChange={(value) => {
          setChoice(value);
          onChange(amountOf(value === OTHER ? own : value));
        }}
        data={[
          ...presets.map((usd) => ({
            value: String(usd),
            label: money(usd * NANO_PER_USD).replace('.00', ''),
          })),
          { value: OTHER, label: text.other },
        ]}
      />
      {choice === OTHER && (
        <TextInput
          aria-label={text.own}
          placeholder={text.own}
          inputMode="decimal"
          value={own}
          error={own !== '' && amountOf(own) === null ? text.wrong : undefined}
          onChange={(event) => type(event.currentTarget.value)}
        />
      )}
    </div>
  );
}

function amountOf(typed: string): number | null {
  const nanoUsd = parseUsd(typed);
  return nanoUsd === null || nanoUsd === 0 ? null : nanoUsd;
}
