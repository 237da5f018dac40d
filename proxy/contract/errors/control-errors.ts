import type { ErrorEntry } from './error-entry.ts';

/** What the control plane and the command line refuse. */
export const CONTROL_ERRORS = {
  // Control plane
  session_invalid: {
    status: 401,
    message: 'The session is unknown or has ended.',
    hint: 'Open the dashboard again with `tollgate open`.',
  },
  link_invalid: {
    status: 401,
    message: 'This link has been used or has run out.',
    hint: 'Open the dashboard again with `tollgate open`.',
  },
  link_attempts: {
    status: 429,
    message: 'Too many wrong links were tried.',
    hint: 'Wait a minute, then open the dashboard with `tollgate open`.',
  },
  door_refused: {
    status: 403,
    message: '{what} is possible over the control socket only.',
    hint: 'Use the command line: `tollgate open` opens the dashboard in another browser.',
  },
  dashboard_off: {
    status: 409,
    message: 'This engine serves no dashboard.',
    hint: 'Start it without `--no-dashboard`.',
  },
  request_unknown: {
    status: 404,
    message: 'There is no request {id} in this ledger.',
    hint: 'List the requests with `tollgate requests`.',
  },
  token_unknown: {
    status: 404,
    message: 'App "{app}" has no token {id} that works.',
    hint: 'Look at the tokens of the app in the dashboard, or make new ones with `tollgate app rotate {app}`.',
  },
  alert_unknown: {
    status: 404,
    message: 'There is no alert {id}.',
    hint: 'List them with `tollgate alerts list`.',
  },
  finding_unknown: {
    status: 404,
    message: 'There is nothing to fix under {id}.',
    hint: 'Read the security checklist again; it may have been fixed since.',
  },
  tool_unknown: {
    status: 404,
    message: 'Tollgate knows no tool {tool}.',
    hint: 'The dashboard lists the tools under Connect.',
  },
  tool_file_failed: {
    status: 409,
    message: 'The file of {tool} was left alone: {problem}.',
    hint: 'Copy the snippet by hand, or mend the file first.',
  },
  webhook_invalid: {
    status: 400,
    message: 'Alerts cannot be posted to this address: {problem}.',
    hint: 'Use an https:// address, or http:// to this machine.',
  },
  webhook_missing: {
    status: 404,
    message: 'No webhook is set.',
    hint: 'Set one with `tollgate alerts webhook set`.',
  },

  // Apps, limits, prices
  app_unknown: {
    status: 404,
    message: 'There is no app "{app}".',
    hint: 'List the apps with `tollgate app list`.',
  },
  app_exists: {
    status: 409,
    message: 'There already is an app "{app}".',
    hint: 'Choose another name, or change it with `tollgate app set {app}`.',
  },
  app_name_invalid: {
    status: 400,
    message: 'An app name cannot be "{app}": {problem}.',
    hint: 'Use 1 to 64 letters, digits, dots, dashes or underscores, beginning with a letter or digit.',
  },
  limit_malformed: {
    status: 400,
    message: 'Cannot read the limit "{limit}": {problem}.',
    hint: 'Write METRIC=AMOUNT/WINDOW, for example usd=5/day, tokens=200k/hour or requests=100/minute.',
  },
  limit_unknown: {
    status: 404,
    message: 'There is no limit {limit}.',
    hint: 'List them with `tollgate limit list` or `tollgate app show NAME`.',
  },
  price_malformed: {
    status: 400,
    message: 'Cannot read the price: {problem}.',
    hint: 'Give dollars per million tokens, for example --input 2.50 --output 10.',
  },
  price_unknown: {
    status: 404,
    message: 'There is no price of your own for "{model}".',
    hint: 'List the prices with `tollgate price list`.',
  },
  input_invalid: {
    status: 400,
    message: 'Invalid input: {problem}.',
    hint: 'See `tollgate help` for what a command takes.',
  },
  command_not_found: {
    status: 400,
    message: 'Cannot run "{command}": {problem}.',
    hint: 'Check the command after `--`.',
  },
  input_needed: {
    status: 400,
    message: 'This command needs input: {what}.',
    hint: 'Run it in a terminal, or pipe the input with the matching --stdin option.',
  },
} as const satisfies Record<string, ErrorEntry>;
