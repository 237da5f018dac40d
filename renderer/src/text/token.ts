import { defineText, plural } from './define-text.ts';

export const tokenText = defineText('token', {
  once: 'This is the only time you see this app token: Tollgate keeps its hash and nothing else.',
  copy: 'Copy token',
  copySnippet: 'Copy snippet',
  use: 'How it is used',
  stored: 'I have stored it',
  waiting: 'Waiting for the first request…',
  arrived: (requests: number, cost: string): string =>
    `${requests} ${plural(requests, { one: 'request', other: 'requests' })} arrived, ${cost} spent today`,
});
