import { defineText } from './define-text.ts';

/** Words for typing limits in, wherever that is. */
export const limitEditText = defineText('limit-edit', {
  amount: 'Amount',
  metric: 'What it counts',
  window: 'In each',
  enforce: 'When it is reached',
  metrics: {
    usd: 'US dollars',
    tokens: 'model tokens',
    input_tokens: 'input tokens',
    output_tokens: 'output tokens',
    requests: 'requests',
  },
  windows: {
    minute: 'a minute',
    hour: 'an hour',
    day: 'a day',
    week: 'a week',
    month: 'a month',
    total: 'in total',
  },
  enforcing: { hard: 'Refuse requests', warn: 'Warn only' },
  placeholder: { usd: '5.00', count: '200k' },
  dollar: '$',
  remove: 'Remove this limit',
  problems: {
    empty: 'Type an amount.',
    usd: 'Dollars with at most nine decimals, such as 5 or 0.50.',
    count: 'A whole number, such as 500, 200k or 1.5M.',
    twice: 'There is another limit that counts the same in the same time.',
  },
});
