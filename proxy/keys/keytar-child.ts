import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { text } from 'node:stream/consumers';
import type { Keytar } from './keytar-library.ts';

/**
 * keytar in a process of its own for each call, which can be killed. For two cases on Linux:
 *   a prompt, which libsecret waits for as long as it takes, even when the service is gone meanwhile;
 *   a stale connection: libsecret connects once in the life of a process and, without GLib's main loop,
 *   never learns that the service went away. After gnome-keyring, KeePassXC or the bus was restarted,
 *   every call fails in a process that called before and works in any other.
 * A child costs 50 ms, so it is not the rule.
 */
const CHILD = `
const [library, method, ...names] = process.argv.slice(1);
let secret = '';
process.stdin.setEncoding('utf8').on('data', (chunk) => { secret += chunk; }).on('end', () => {
  const args = secret === '' ? names : [...names, secret];
  require(library)[method](...args).then((value) => ({ value }), (error) => ({ problem: error.message }))
    .then((answer) => process.stdout.write(JSON.stringify(answer)));
});`;

/** What finding the bus, raising a prompt and loading the library takes; nothing else is handed down. */
const INHERITED = [
  'DBUS_SESSION_BUS_ADDRESS',
  'XDG_RUNTIME_DIR',
  'HOME',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'LD_LIBRARY_PATH',
];

/** libsecret's and GLib's words for a connection that somebody else's restart left behind. */
export function isStaleConnection(problem: string): boolean {
  return /The name :[\d.]+ was not provided|session wrapping the secret does not exist|connection is closed/i.test(
    problem,
  );
}

/**
 * A keytar whose calls each run in a child, which is killed after `timeoutMs`. The key travels by pipes,
 * never as an argument. Null inside Electron, whose binary is no plain Node (fuse RunAsNode off).
 */
export function keytarInChild(
  env: Readonly<Record<string, string | undefined>>,
  timeoutMs: number,
): Keytar | null {
  if (process.versions['electron'] !== undefined) return null;
  const library = createRequire(import.meta.url).resolve('keytar');
  const childEnv = Object.fromEntries(INHERITED.map((name) => [name, env[name]]));

  const call = async (method: keyof Keytar, names: readonly string[], secret: string): Promise<unknown> => {
    const child = spawn(process.execPath, ['-e', CHILD, library, method, ...names], {
      env: childEnv,
      stdio: ['pipe', 'pipe', 'ignore'],
      timeout: timeoutMs,
      killSignal: 'SIGKILL',
    });
    const exited = once(child, 'close');
    child.stdin.on('error', () => child.kill('SIGKILL'));
    child.stdin.end(secret);
    const [output] = await Promise.all([text(child.stdout), exited]);
    const answer = parseAnswer(output);
    if (answer.problem !== undefined) throw new Error(answer.problem);
    return answer.value ?? null;
  };

  return {
    getPassword: async (...names) => {
      const password = await call('getPassword', names, '');
      return typeof password === 'string' ? password : null;
    },
    setPassword: async (service, account, password) => {
      await call('setPassword', [service, account], password);
    },
    deletePassword: async (...names) => (await call('deletePassword', names, '')) === true,
  };
}

function parseAnswer(output: string): { readonly value?: unknown; readonly problem?: string } {
  try {
    return JSON.parse(output);
  } catch {
    // Crashed or killed half-way. The parser's own message would quote the output, which may hold the key.
    throw new Error('its library ended without an answer');
  }
}
