import { defineText, plural } from './define-text.ts';

/** Words that no screen owns. */
export const commonText = defineText('common', {
  product: 'Tollgate',
  errors: {
    unreachable: {
      what: 'The engine does not answer.',
      next: 'The page tries again by itself. If Tollgate was stopped, start it with `tollgate serve`.',
    },
    unexpected: {
      what: 'Something went wrong on this page.',
      next: 'Load the page again. If it happens once more, look at the log file that Settings names.',
    },
    requestId: (id: string): string => `Request ${id}`,
    retry: 'Try again',
  },
  loading: 'Loading…',
  unknown: 'Unknown',
  none: '—',
  cancel: 'Cancel',
  close: 'Close',
  /** Head of a column of buttons, for screen readers. */
  actions: 'Actions',
  copy: 'Copy',
  copied: 'Copied',
  copyFailed: 'The browser did not allow copying: select the text and copy it by hand.',
  confirm: 'Confirm',
  newWindow: '(opens in a new window)',
  spend: {
    spent: 'spent',
    held: 'held',
    free: 'free',
    beyond: 'over',
    bar: (spent: string, held: string, free: string, of: string): string =>
      `${spent} spent, ${held} held, ${free} free of ${of}`,
  },
  chart: { show: 'Chart', table: 'Table', view: 'Show as', time: 'Time', empty: 'Nothing in this time.' },
  table: {
    rows: (shown: number): string => `${shown} ${plural(shown, { one: 'row', other: 'rows' })}`,
    next: 'Next row',
    previous: 'Row before',
    open: 'Open the row',
  },
  app: {
    enforce: 'Enforcing',
    observe: 'Observing',
    paused: 'Paused',
  },
});
