/**
 * Every error Tollgate itself can give, in one table: the data plane translates an entry into OpenAI's
 * error shape, the control plane into the contract's, the terminal into `tollgate: error: …` with a
 * `hint:` line. docs/errors.md lists the same codes; a test compares both ways.
 *
 * `{name}` in a message or hint is replaced from the details of the {@link AppError}. Details are shown
 * to people: never put a key, a token, a prompt or a path that is not the user's own into them.
 */
export interface ErrorEntry {
  /** HTTP status on the data plane and on the control plane. */
  readonly status: number;
  readonly message: string;
  readonly hint: string;
  /** OpenAI's `error.type`; `invalid_request_error` unless set. */
  readonly type?: string;
  /** OpenAI's `error.code`; the Tollgate code unless set. */
  readonly openaiCode?: string;
  /** What an SDK should do: `never` sends `x-should-retry: false`; `later` sends `retry-after`. */
  readonly retry?: 'never' | 'later';
}

const TABLE = {
  // Framing and the local border (gateway)
  malformed_request: {
    status: 400,
    message: 'The HTTP request is malformed: {problem}.',
    hint: 'Send HTTP/1.1 with a path, exactly one Host and at most one Authorization header.',
  },
  uri_too_long: {
    status: 414,
    message: 'The request target is too long.',
    hint: 'Keep the path and the query string under 8 KB.',
  },
  headers_too_large: {
    status: 431,
    message: 'The request has too many or too large headers.',
    hint: 'Send at most 100 headers and 16 KB of them.',
  },
  request_timeout: {
    status: 408,
    message: 'The request did not arrive in time.',
    hint: 'Send headers within 10 seconds and the body without long pauses.',
  },
  host_not_allowed: {
    status: 403,
    message: 'This Host header does not name the proxy.',
    hint: 'Use the base URL exactly as `tollgate serve` prints it, for example http://127.0.0.1:4747/v1.',
    retry: 'never',
  },
  origin_not_allowed: {
    status: 403,
    message: 'Web pages may not call this proxy from their origin.',
    hint: 'To allow one front end, run `tollgate app set NAME --origin URL` with its exact origin.',
    retry: 'never',
  },
  peer_not_allowed: {
    status: 403,
    message: 'The connection comes from another user of this machine.',
    hint: 'Only programs of the user who runs Tollgate may connect.',
    retry: 'never',
  },
  content_encoding_refused: {
    status: 415,
    message: 'A compressed request body cannot be metered.',
    hint: 'Send the body without Content-Encoding.',
    retry: 'never',
  },
  unsupported_media_type: {
    status: 415,
    message: 'This endpoint expects {expected}.',
    hint: 'Set the Content-Type header to the type of the body.',
    retry: 'never',
  },
  body_too_large: {
    status: 413,
    message: 'The request body is larger than {maxMb} MB.',
    hint: 'Send a smaller body, or upload the file to OpenAI and refer to it.',
    retry: 'never',
  },
  invalid_json: {
    status: 400,
    message: 'The request body is not strict JSON: {problem}.',
    hint: 'Send one UTF-8 JSON object without duplicate keys, at most 64 levels deep.',
  },
  invalid_multipart: {
    status: 400,
    message: 'The multipart body cannot be read: {problem}.',
    hint: 'Send multipart/form-data as an HTTP client library builds it.',
  },
  invalid_body: {
    status: 400,
    message: 'Invalid value for `{field}`: {problem}.',
    hint: 'Correct the field and send the request again.',
  },
  body_unsupported: {
    status: 400,
    message: 'Tollgate cannot put a bound on this request yet: {problem}.',
    hint: 'Leave the option out, or call OpenAI without Tollgate for it.',
    retry: 'never',
  },

  // Routes and policy (gateway)
  route_unknown: {
    status: 404,
    message: 'Tollgate does not know {method} {path}, so it is not forwarded.',
    hint: 'docs/coverage.md lists the routes that are metered, refused, or open to an opt-in.',
    retry: 'never',
  },
  endpoint_refused: {
    status: 403,
    message: '{method} {path} is refused: {why}.',
    hint: 'This endpoint can hand out credentials or spend that no local proxy can cap.',
    retry: 'never',
  },
  endpoint_not_allowed: {
    status: 403,
    message: '{method} {path} is not allowed for this app: {why}.',
    hint: 'Use a metered endpoint instead.',
    retry: 'never',
  },
  object_unknown: {
    status: 404,
    message: 'App "{app}" has made nothing with the id "{id}" through Tollgate.',
    hint: "What was made elsewhere needs `tollgate app set {app} --allow foreign-ids`; what another app has made stays that app's.",
    retry: 'never',
  },
  method_not_allowed: {
    status: 405,
    message: '{method} is not available for {path}.',
    hint: 'Use one of: {allow}.',
    retry: 'never',
  },
  upgrade_required: {
    status: 426,
    message: '{path} is reached over a WebSocket only.',
    hint: 'Open it with ws:// instead of http://.',
    retry: 'never',
  },
  upgrade_refused: {
    status: 426,
    message: 'This path has no WebSocket here.',
    hint: 'WebSockets are at /v1/responses and /v1/realtime; everything else is plain HTTP.',
    retry: 'never',
  },
  socket_outdated: {
    status: 409,
    message: 'The OpenAI key has changed since this WebSocket was opened.',
    hint: 'Open a new WebSocket; the app token is the same.',
    retry: 'never',
  },
  binary_frame: {
    status: 400,
    message: 'A binary WebSocket frame cannot be metered.',
    hint: "Send each event as JSON in a text frame, as OpenAI's clients do.",
    retry: 'never',
  },
  invalid_app_token: {
    status: 401,
    openaiCode: 'invalid_api_key',
    message: 'The app token is missing, unknown, expired or revoked (answered by Tollgate, not by OpenAI).',
    hint: 'Create one with `tollgate app create NAME` and send it as `Authorization: Bearer tg_…`.',
    retry: 'never',
  },
  real_key_received: {
    status: 401,
    openaiCode: 'invalid_api_key',
    message:
      'A real OpenAI key was sent to the local proxy. It was not forwarded (answered by Tollgate, not by OpenAI).',
    hint: 'Replace the key in this program by an app token, and store the key with `tollgate key set`.',
    retry: 'never',
  },
  app_paused: {
    status: 403,
    message: 'App "{app}" is paused in Tollgate.',
    hint: 'Resume it with `tollgate app resume {app}`; if everything was paused at once, with `tollgate resume`.',
    retry: 'never',
  },
  model_not_allowed: {
    status: 403,
    message: 'App "{app}" may not use model "{model}" (Tollgate policy).',
    hint: 'Allow it with `tollgate app set {app} --model GLOB`.',
    retry: 'never',
  },
  model_price_unknown: {
    status: 403,
    message: 'Tollgate knows no price for model "{model}", and app "{app}" has a USD limit.',
    hint: 'Set one with `tollgate price set {model} --input USD --output USD` (per million tokens).',
    retry: 'never',
  },
  quota_exceeded: {
    status: 429,
    type: 'insufficient_quota',
    openaiCode: 'insufficient_quota',
    message: '{problem} (local limit in Tollgate, not OpenAI).',
    hint: 'Raise the limit with `tollgate app set` or `tollgate limit set`, or wait for the reset.',
    retry: 'never',
  },
  rate_limited: {
    status: 429,
    type: 'requests',
    openaiCode: 'rate_limit_exceeded',
    message: '{problem} (local limit in Tollgate, not OpenAI).',
    hint: 'Slow down, or raise the rate with `tollgate app set`.',
    retry: 'later',
  },
  concurrency_limited: {
    status: 429,
    type: 'requests',
    openaiCode: 'rate_limit_exceeded',
    message: '{problem} (local limit in Tollgate, not OpenAI).',
    hint: 'Send fewer requests at once, or raise it with `tollgate app set --concurrency`.',
    retry: 'later',
  },

  // Engine state (gateway)
  overloaded: {
    status: 503,
    type: 'server_error',
    message: 'Tollgate holds as many {what} as it may at once.',
    hint: 'Send fewer or smaller requests at the same time.',
    retry: 'later',
  },
  ledger_unavailable: {
    status: 503,
    type: 'server_error',
    message: 'Tollgate cannot write its ledger, so it lets nothing through that may cost money.',
    hint: 'Free disk space or mend the data folder; the log file has the reason.',
    retry: 'never',
  },
  key_unavailable: {
    status: 503,
    type: 'server_error',
    message: 'Tollgate has no OpenAI key to send: {problem}.',
    hint: 'Store one with `tollgate key set`.',
    retry: 'never',
  },
  key_rejected: {
    status: 401,
    openaiCode: 'upstream_key_rejected',
    message: 'OpenAI rejected the key that Tollgate holds. Forwarding is paused (answered by Tollgate).',
    hint: 'Store a working key with `tollgate key rotate`; the app token is fine.',
    retry: 'never',
  },
  shutting_down: {
    status: 503,
    type: 'server_error',
    message: 'Tollgate is shutting down.',
    hint: 'Start it again and repeat the request.',
    retry: 'never',
  },
  upstream_unreachable: {
    status: 502,
    type: 'server_error',
    message: 'OpenAI could not be reached: {problem}. Nothing was sent.',
    hint: 'Check the network; `tollgate key test` repeats the check.',
  },
  upstream_broken: {
    status: 502,
    type: 'server_error',
    message: 'The answer from OpenAI broke off: {problem}.',
    hint: 'The request may have been billed, so Tollgate did not repeat it and charged its bound.',
    retry: 'never',
  },
  upstream_timeout: {
    status: 504,
    type: 'server_error',
    message: 'OpenAI did not answer within {seconds} seconds.',
    hint: 'The request may have been billed, so Tollgate did not repeat it and charged its bound.',
    retry: 'never',
  },
  internal_error: {
    status: 500,
    type: 'server_error',
    message: 'Tollgate failed on this request.',
    hint: 'The log file has the details; `tollgate status` names it.',
    retry: 'never',
  },

  // Home, ledger and process (engine, command line)
  engine_running: {
    status: 409,
    message: 'Another Tollgate engine already uses this data folder ({holder}).',
    hint: 'Use that one, stop it first, or set TOLLGATE_HOME to another folder.',
  },
  engine_not_running: {
    status: 503,
    message: 'This command needs a running engine.',
    hint: 'Start one with `tollgate serve`.',
  },
  port_in_use: {
    status: 409,
    message: 'Port {port} on {host} is already in use{owner}.',
    hint: 'Stop that program or choose another port with {flag}.',
  },
  listen_failed: {
    status: 500,
    message: 'Cannot listen on {host}:{port}: {problem}.',
    hint: 'Choose an address and a port that this user may open.',
  },
  home_unwritable: {
    status: 500,
    message: 'The data folder {path} cannot be written: {problem}.',
    hint: 'Make it writable for this user, or set TOLLGATE_HOME to another folder.',
  },
  home_unsafe: {
    status: 500,
    message: 'The data folder is not private: {problem}.',
    hint: 'Only this user may own and read it: chown it, `chmod 700` the folder and `chmod 600` its files.',
  },
  ledger_newer: {
    status: 500,
    message: 'The ledger was written by a newer Tollgate (schema {found}, this one knows {known}).',
    hint: 'Update Tollgate; the ledger was not touched.',
  },
  ledger_damaged: {
    status: 500,
    message: 'The ledger {path} is damaged: {problem}.',
    hint: 'It was not touched. Restore a backup, or move the file away to start with an empty ledger, which forgets what was spent.',
  },
  node_too_old: {
    status: 500,
    message: 'Tollgate needs Node.js 22.19 or newer, this is {version}.',
    hint: 'Run `npx tollgate` from the clone after `npm install`, or install a newer Node.js.',
  },
  service_unsupported: {
    status: 400,
    message: 'Tollgate knows no way to run as a service on {platform}.',
    hint: 'Start `tollgate serve` with what starts programs on this system.',
  },
  service_failed: {
    status: 500,
    message: '`{command}` failed: {problem}.',
    hint: 'Run the command by hand to see why; `tollgate service uninstall` takes back what was done.',
  },
  upstream_invalid: {
    status: 400,
    message: 'The upstream address {upstream} cannot be used: {problem}.',
    hint: 'Use https://…/v1; http:// is accepted for loopback addresses only.',
  },

  // Keys
  key_missing: {
    status: 404,
    message: 'No OpenAI key is stored.',
    hint: 'Store one with `tollgate key set`.',
  },
  key_malformed: {
    status: 400,
    message: 'This does not look like an OpenAI key: {problem}.',
    hint: 'Copy the whole key, which begins with `sk-`, from platform.openai.com/api-keys.',
  },
  key_is_admin: {
    status: 400,
    message:
      'This is an OpenAI admin key. It can create keys and raise limits, so Tollgate does not take it.',
    hint: 'Create a project key (`sk-proj-…`) at platform.openai.com/api-keys and use that.',
  },
  key_is_app_token: {
    status: 400,
    message: 'This is a Tollgate app token, not an OpenAI key.',
    hint: 'Copy the key, which begins with `sk-`, from platform.openai.com/api-keys.',
  },
  key_refused_upstream: {
    status: 400,
    message: 'OpenAI refused the key ({problem}). It was not stored.',
    hint: 'Check that the key is complete, active and belongs to the right project.',
  },
  key_check_failed: {
    status: 502,
    message: 'The key could not be checked: {problem}. It was not stored.',
    hint: 'Try again with a network connection, or store it unchecked with --no-verify.',
  },
  key_store_read_only: {
    status: 400,
    message: 'The {store} key store cannot be changed from here.',
    hint: 'Set OPENAI_API_KEY in the environment of `tollgate serve` and start it again.',
  },
  key_env_missing: {
    status: 400,
    message: 'OPENAI_API_KEY is not set, but the env key store was chosen.',
    hint: 'Set it for the server process only, or use the keychain.',
  },
  key_file_locked: {
    status: 400,
    message: 'The key file needs its passphrase: {problem}.',
    hint: 'Set TOLLGATE_PASSPHRASE for this command, or run it in a terminal and type it.',
  },
  key_file_damaged: {
    status: 500,
    message: 'The key file cannot be read: {problem}.',
    hint: 'Remove it with `tollgate key remove --key-store file` and store the key again.',
  },
  keychain_no_library: {
    status: 503,
    message: 'The keychain library cannot be loaded ({problem}).',
    hint: 'On Debian or Ubuntu: apt install libsecret-1-0. Without a keychain: --key-store env or file.',
  },
  keychain_no_bus: {
    status: 503,
    message: 'There is no D-Bus session, so the keychain cannot be reached.',
    hint: 'Log in to a desktop session or use dbus-run-session. Without a keychain: --key-store env or file.',
  },
  keychain_no_service: {
    status: 503,
    message: 'No keychain service is running on this D-Bus session.',
    hint: 'Start gnome-keyring or KWallet. Without a keychain: --key-store env or file.',
  },
  keychain_locked: {
    status: 503,
    message: 'The keychain is locked.',
    hint: 'Unlock it (log in, or open the password manager of the system) and try again.',
  },
  keychain_timeout: {
    status: 504,
    message: 'The keychain did not answer within {seconds} seconds.',
    hint: 'Look for a prompt that waits for you, answer it, and try again.',
  },
  keychain_failed: {
    status: 500,
    message: 'The keychain failed: {problem}.',
    hint: 'Try again; without a keychain use --key-store env or file.',
  },

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

export type ErrorCode = keyof typeof TABLE;

/** The table, for the places that translate it and for the test that compares it with docs/errors.md. */
export const ERRORS: Readonly<Record<ErrorCode, ErrorEntry>> = TABLE;

export const ERROR_CODES = Object.keys(TABLE) as readonly ErrorCode[];

export type ErrorDetails = Readonly<Record<string, string | number>>;

function fill(template: string, details: ErrorDetails): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? '?'));
}

/** An error with a code of {@link ERRORS}: what happened, what to do next, and nothing secret. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly hint: string;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: { cause?: unknown }) {
    super(fill(ERRORS[code].message, details), options);
    this.code = code;
    this.details = details;
    this.hint = fill(ERRORS[code].hint, details);
  }

  get status(): number {
    return ERRORS[this.code].status;
  }
}

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(TABLE, value);
}

/** The message of anything thrown, for a `{problem}` slot: one line, at most 200 characters. */
export function problemOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return (text.split('\n', 1)[0] ?? '').slice(0, 200);
}
