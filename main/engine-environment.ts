import { DEFAULT_UPSTREAM } from '../proxy/contract/defaults.ts';
import { KEY_STORES, type KeyStoreKind } from '../proxy/contract/key-words.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * What could change how the engine's code runs, or make it write secrets down, is not handed on: preloaded
 * code, options of Node and Electron, certificates and logs of TLS keys.
 */
const LEFT_OUT =
  /^(NODE_|ELECTRON_|LD_PRELOAD$|LD_AUDIT$|DYLD_|SSLKEYLOGFILE$|SSL_CERT_|UV_|OPENSSL_|OPENAI_|TOLLGATE_)/i;

/** The only variables of OpenAI and Tollgate that the engine gets. */
interface Chosen {
  readonly home: string | undefined;
  readonly keyStore: KeyStoreKind;
  readonly upstream: string;
}

/**
 * The whole environment of the engine process. `OPENAI_API_KEY` and the passphrase go along only where
 * the user has chosen the store that needs them, and leave this process with {@link takeSecrets}.
 */
export function engineEnvironment(
  env: Environment,
  isPackaged: boolean,
  secrets: Environment,
): Record<string, string> {
  const { home, keyStore, upstream } = chosen(env, isPackaged);
  const handed = Object.entries(env).filter(([name]) => !LEFT_OUT.test(name));
  const own: Environment = {
    TOLLGATE_HOME: home,
    TOLLGATE_KEY_STORE: keyStore,
    TOLLGATE_UPSTREAM: upstream,
    ...(keyStore === 'env' ? { OPENAI_API_KEY: secrets['OPENAI_API_KEY'] } : {}),
    ...(keyStore === 'file' ? { TOLLGATE_PASSPHRASE: secrets['TOLLGATE_PASSPHRASE'] } : {}),
  };
  return Object.fromEntries(
    [...handed, ...Object.entries(own)].flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const],
    ),
  );
}

/** Takes what is secret out of an environment, so that no child and no crash of this process shows it. */
export function takeSecrets(env: Record<string, string | undefined>): Environment {
  const secrets = {
    OPENAI_API_KEY: env['OPENAI_API_KEY'],
    TOLLGATE_PASSPHRASE: env['TOLLGATE_PASSPHRASE'],
  };
  for (const name of Object.keys(secrets)) delete env[name];
  return secrets;
}

function chosen(env: Environment, isPackaged: boolean): Chosen {
  return {
    home: env['TOLLGATE_HOME'],
    keyStore: keyStoreOf(env),
    upstream: upstreamOf(env, isPackaged),
  };
}

export function keyStoreOf(env: Environment): KeyStoreKind {
  return KEY_STORES.find((kind) => kind === env['TOLLGATE_KEY_STORE']) ?? 'keychain';
}

/**
 * A launcher that somebody has changed must not send the key elsewhere: the installed app goes to OpenAI,
 * or to this very machine.
 */
function upstreamOf(env: Environment, isPackaged: boolean): string {
  const wanted = env['TOLLGATE_UPSTREAM'];
  if (wanted === undefined || !URL.canParse(wanted)) return DEFAULT_UPSTREAM;
  const isLocal = /^(127\.0\.0\.1|\[::1\]|localhost)$/.test(new URL(wanted).hostname);
  return isPackaged && !isLocal ? DEFAULT_UPSTREAM : wanted;
}
