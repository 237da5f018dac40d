import { defineText, plural } from './define-text.ts';

const calls = (count: number, shown: string): string =>
  `${shown} ${plural(count, { one: 'call', other: 'calls' })}`;

export const appLimitsText = defineText('app-limits', {
  title: 'Limits',
  add: 'Add a limit',
  resets: (at: string, when: string): string => `resets ${at}, ${when}`,
  never: 'never resets',
  rule: (how: string, alerts: string): string => `${how} · ${alerts}`,
  hard: 'Refuses',
  warn: 'Warns only',
  alertsAt: (percents: string): string => `alerts at ${percents} %`,
  alertsNever: 'no alerts',
  raised: (amount: string, until: string): string => `Raised by ${amount} until ${until}`,
  takeBack: 'Take back',
  raise: 'Raise',
  raiseOf: (limit: string): string => `Raise ${limit} for a while`,
  change: 'Change',
  changeOf: (limit: string): string => `Change ${limit}`,
  empty: {
    title: 'No limit of its own',
    what: 'This app may spend all that the limits of the whole key leave. A cap stops it before it does.',
  },
  editor: {
    add: 'Add a limit',
    change: (limit: string): string => `Change ${limit}`,
    what: 'Limit',
    exists: 'This app has a limit that counts the same in the same time. Change that one.',
    thresholds: 'Alerts',
    thresholdsHow: { default: 'As in the alert settings', own: 'Its own' },
    thresholdsDefault: (percents: string): string => `At ${percents} % of the limit.`,
    thresholdsOwnWhat: 'For a limit that deserves more warning, or none.',
    thresholdsOwn: 'Alert at, in percent of the limit',
    thresholdsHint: 'Whole percents with commas between, such as 50, 80, 100. Empty raises none.',
    thresholdsProblem: 'At most ten whole percents from 1 to 1,000, with commas between.',
    save: 'Save',
    create: 'Add limit',
    remove: 'Remove',
    removeQuestion: (limit: string): string =>
      `${limit} stops counting at once. Requests that it would refuse go through.`,
  },
  backtest: {
    label: 'Back-test',
    waiting: 'Type an amount to see what it would have done.',
    running: 'Looking at the last 30 days…',
    noCalls: 'No calls in the last 30 days to test this against.',
    none: (total: number, shown: string): string =>
      `Would have refused none of ${calls(total, shown)} in the last 30 days.`,
    some: (refused: number, shown: string, of: string): string =>
      `Would have refused ${calls(refused, shown)} of ${of} in the last 30 days.`,
    about: (refused: number, shown: string, of: string): string =>
      `Would have refused about ${calls(refused, shown)} of ${of} in the last 30 days.`,
    warnNone: (total: number, shown: string): string =>
      `Would not have been passed by ${calls(total, shown)} in the last 30 days.`,
    warnSome: (refused: number, shown: string, of: string): string =>
      `Would have been passed by ${calls(refused, shown)} of ${of} in the last 30 days. They would have gone through.`,
    warnAbout: (refused: number, shown: string, of: string): string =>
      `Would have been passed by about ${calls(refused, shown)} of ${of} in the last 30 days. They would have gone through.`,
    most: {
      minute: (amount: string): string => `The most in one minute was ${amount}.`,
      hour: (amount: string): string => `The most in one hour was ${amount}.`,
      day: (amount: string): string => `The most in one day was ${amount}.`,
      week: (amount: string): string => `The most in one week was ${amount}.`,
      month: (amount: string): string => `The most in one month was ${amount}.`,
      total: (amount: string): string => `In total it was ${amount}.`,
    },
    reached: {
      minute: (reached: string, windows: string): string =>
        `Reached in ${reached} of ${windows} minutes with calls`,
      hour: (reached: string, windows: string): string =>
        `Reached in ${reached} of ${windows} hours with calls`,
      day: (reached: string, windows: string): string =>
        `Reached on ${reached} of ${windows} days with calls`,
      week: (reached: string, windows: string): string =>
        `Reached in ${reached} of ${windows} weeks with calls`,
      month: (reached: string, windows: string): string =>
        `Reached in ${reached} of ${windows} months with calls`,
      total: (_reached: string, _windows: string): string => 'Reached',
    },
    first: (at: string): string => `, first on ${at}.`,
    together: (refused: number, shown: string): string =>
      `All limits of this app together: ${calls(refused, shown)} refused.`,
    exact: 'Exact: every call was looked at.',
    estimated: 'An estimate: there were too many calls to look at each of them.',
    observing: (refused: number, shown: string): string =>
      refused === 0
        ? 'With its limits enforced, none of its calls of the last 30 days would have been refused.'
        : `With its limits enforced, ${calls(refused, shown)} of the last 30 days would have been refused.`,
  },
  raiseDialog: {
    title: (limit: string): string => `Raise ${limit}`,
    lead: 'The limit stays as it is. For a while this much more counts on top of it.',
    amount: 'By how much more',
    until: 'Until when',
    untilList: {
      midnight: 'Midnight',
      '1h': 'In an hour',
      '24h': 'In 24 hours',
      reset: 'Its next reset',
      date: 'The end of a day…',
    },
    date: 'Last day',
    dateEmpty: 'Choose a day.',
    preset: (amount: string): string => `+${amount} until midnight`,
    result: (cap: string, until: string): string => `The cap is ${cap} until ${until}, and then what it was.`,
    untilWords: {
      midnight: 'midnight',
      '1h': 'an hour from now',
      '24h': '24 hours from now',
      reset: 'its next reset',
      date: (day: string): string => `the end of ${day}`,
    },
    own: 'Another amount',
    submit: 'Raise',
    replaces: (amount: string, until: string): string =>
      `This takes the place of the raise by ${amount} until ${until}.`,
  },
});
