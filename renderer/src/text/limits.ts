import { defineText, plural } from './define-text.ts';

export const limitText = defineText('limits', {
  amounts: {
    usd: (text: string, _amount: number): string => text,
    tokens: (text: string, amount: number): string =>
      `${text} ${plural(amount, { one: 'token', other: 'tokens' })}`,
    input_tokens: (text: string, amount: number): string =>
      `${text} input ${plural(amount, { one: 'token', other: 'tokens' })}`,
    output_tokens: (text: string, amount: number): string =>
      `${text} output ${plural(amount, { one: 'token', other: 'tokens' })}`,
    requests: (text: string, amount: number): string =>
      `${text} ${plural(amount, { one: 'request', other: 'requests' })}`,
  },
  per: {
    minute: (amount: string): string => `${amount} a minute`,
    hour: (amount: string): string => `${amount} an hour`,
    day: (amount: string): string => `${amount} a day`,
    week: (amount: string): string => `${amount} a week`,
    month: (amount: string): string => `${amount} a month`,
    total: (amount: string): string => `${amount} in total`,
  },
  hard: 'Refuses beyond it',
  warn: 'Warns only',
});
