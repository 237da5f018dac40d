import { defineText, plural } from './define-text.ts';

export const appTokensText = defineText('app-tokens', {
  title: 'App tokens',
  lead: 'What programs send in place of the OpenAI key. Tollgate keeps hashes: a token is shown once.',
  create: 'New token',
  rotate: 'Rotate…',
  columns: { label: 'Label', created: 'Made', used: 'Last used', expires: 'Ends', revoke: 'Revoke' },
  noLabel: 'Without a label',
  run: 'tollgate run',
  unused: 'Not yet',
  never: 'Never',
  revoke: 'Revoke',
  revokeOf: (label: string): string => `Revoke ${label}`,
  revokeQuestion: (label: string): string =>
    `${label} stops working at once and its streams are cut. Programs that use it get 401.`,
  empty: {
    title: 'No token works',
    what: 'Without one no program can use this app, except by `tollgate run`.',
  },
  issue: {
    title: 'New token',
    label: 'Label',
    labelHint: 'Which machine or program it is for, so that you can revoke that one alone.',
    labelPlaceholder: 'laptop',
    expires: 'Ends',
    expiresList: {
      never: 'Never',
      '1d': 'In a day',
      '7d': 'In 7 days',
      '30d': 'In 30 days',
      '90d': 'In 90 days',
    },
    submit: 'Make token',
    ready: 'New token',
  },
  rotation: {
    title: 'Rotate tokens',
    lead: (count: number): string =>
      `A new token takes the place of ${plural(count, { one: 'the one', other: `the ${count}` })} that ${plural(count, { one: 'works', other: 'work' })} now.`,
    when: 'Old tokens end',
    options: {
      now: { title: 'Now', what: 'Their streams are cut. The right choice when one has leaked.' },
      '1h': { title: 'In an hour', what: 'Time to put the new one in place.' },
      '24h': { title: 'In 24 hours', what: 'For programs that start once a day.' },
      '7d': { title: 'In 7 days', what: 'For programs that start now and then.' },
    },
    notes: {
      now: 'The old tokens have ended.',
      '1h': 'The old tokens work for one more hour.',
      '24h': 'The old tokens work for 24 more hours.',
      '7d': 'The old tokens work for 7 more days.',
    },
    submit: 'Rotate',
    ready: 'The new token',
  },
});
