import type { ErrorEntry } from './error-entry.ts';

/** What keeps an engine from starting, or from its home and its key. */
export const ENGINE_ERRORS = {
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
} as const satisfies Record<string, ErrorEntry>;
