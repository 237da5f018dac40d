import { lstatSync, statfsSync } from 'node:fs';
import { createConnection } from 'node:net';
import type { DoctorCheck } from '../contract/engine-status.ts';
import { problemOf } from '../contract/errors.ts';
import type { Home } from '../home.ts';

const MIN_NODE = [22, 19] as const;
const MIN_FREE_BYTES = 200 * 1024 * 1024;
const MAX_SKEW_MS = 60_000;
const TIMEOUT_MS = 5_000;

const ok = (id: string, title: string, detail: string): DoctorCheck => ({
  id,
  title,
  state: 'ok',
  detail,
  hint: null,
});
const bad = (
  state: 'warning' | 'failed',
  id: string,
  title: string,
  detail: string,
  hint: string,
): DoctorCheck => ({ id, title, state, detail, hint });

export function checkNode(version: string): DoctorCheck {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  const isNew = major > MIN_NODE[0] || (major === MIN_NODE[0] && minor >= MIN_NODE[1]);
  if (isNew) return ok('node', 'Node.js', `${version} is new enough.`);
  return bad(
    'failed',
    'node',
    'Node.js',
    `${version} is too old.`,
    `Install Node.js ${MIN_NODE.join('.')} or newer.`,
  );
}

/** Whether the data folder and its files are this user's alone. */
export function checkHome(home: Home): DoctorCheck {
  const title = 'Data folder';
  const hint = `Only this user may own and read it: chown it, chmod 700 the folder, chmod 600 its files.`;
  const stat = lstatSync(home.dataDir, { throwIfNoEntry: false });
  if (!stat) return ok('home', title, `${home.dataDir} is made when it is needed.`);
  if (!stat.isDirectory()) {
    return bad('failed', 'home', title, `${home.dataDir} is not a folder.`, 'Move it away.');
  }
  if (process.platform === 'win32') return ok('home', title, home.dataDir);
  const uid = process.getuid?.();
  if (uid !== undefined && stat.uid !== uid) {
    return bad('failed', 'home', title, `${home.dataDir} belongs to another user.`, hint);
  }
  if ((stat.mode & 0o077) !== 0) {
    return bad('failed', 'home', title, `${home.dataDir} can be read by other users.`, hint);
  }
  const open = [home.dbPath, home.logPath, home.enginePath].find((path) => {
    const file = lstatSync(path, { throwIfNoEntry: false });
    return file !== undefined && (file.isSymbolicLink() || (file.mode & 0o077) !== 0);
  });
  if (open !== undefined) return bad('failed', 'home', title, `${open} can be read by other users.`, hint);
  return ok('home', title, `${home.dataDir} is private.`);
}

export function checkDisk(dataDir: string): DoctorCheck {
  const title = 'Disk space';
  try {
    const { bavail, bsize } = statfsSync(dataDir);
    const freeBytes = bavail * bsize;
    const free = `${(freeBytes / 1e9).toFixed(1)} GB are free.`;
    if (freeBytes >= MIN_FREE_BYTES) return ok('disk', title, free);
    return bad(
      'warning',
      'disk',
      title,
      free,
      'Free some: without room for the ledger nothing is let through.',
    );
  } catch (error) {
    return { id: 'disk', title, state: 'skipped', detail: problemOf(error), hint: null };
  }
}

/** Variables that lead around Tollgate, or that it ignores and that people may count on. */
export function checkEnvironment(env: Readonly<Record<string, string | undefined>>): DoctorCheck {
  const title = 'Environment';
  const isSet = (name: string): boolean => (env[name] ?? '') !== '';
  if ((env['OPENAI_API_KEY'] ?? '').startsWith('sk-')) {
    return bad(
      'warning',
      'environment',
      title,
      'OPENAI_API_KEY holds a real key in this environment.',
      'Take it out of your shell, and let `tollgate run` set an app token.',
    );
  }
  const proxies = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'NODE_EXTRA_CA_CERTS'].filter(
    isSet,
  );
  if (proxies.length > 0) {
    return bad(
      'warning',
      'environment',
      title,
      `${proxies.join(', ')} ${proxies.length === 1 ? 'is' : 'are'} set.`,
      'The engine ignores them: it talks to OpenAI directly. Programs may need 127.0.0.1 in NO_PROXY.',
    );
  }
  return ok('environment', title, 'Nothing in it leads around Tollgate.');
}

/** Whether OpenAI answers, and what time it is there; asked without a key, so it costs nothing. */
export async function checkUpstream(upstream: string, now: () => number): Promise<DoctorCheck[]> {
  const [title, clock] = ['OpenAI', 'Clock'];
  try {
    const { Agent, request } = await import('undici');
    const agent = new Agent({ connect: { timeout: TIMEOUT_MS } });
    try {
      const sentMs = now();
      const { headers, statusCode, body } = await request(`${upstream}/models`, {
        dispatcher: agent,
        headersTimeout: TIMEOUT_MS,
        bodyTimeout: TIMEOUT_MS,
      });
      await body.dump();
      const date = Date.parse(String(headers['date'] ?? ''));
      const reached =
        statusCode < 500
          ? ok('upstream', title, `${new URL(upstream).host} answers.`)
          : bad('warning', 'upstream', title, `It answered ${statusCode}.`, 'See status.openai.com.');
      return [reached, clockCheck(clock, date, sentMs, now())];
    } finally {
      await agent.close();
    }
  } catch (error) {
    const { code } = error as { code?: unknown };
    const problem = typeof code === 'string' ? code : problemOf(error);
    return [
      bad('failed', 'upstream', title, `It cannot be reached (${problem}).`, 'Check the network.'),
      { id: 'clock', title: clock, state: 'skipped', detail: 'Nobody could be asked.', hint: null },
    ];
  }
}

function clockCheck(title: string, dateMs: number, sentMs: number, gotMs: number): DoctorCheck {
  if (!Number.isFinite(dateMs)) {
    return { id: 'clock', title, state: 'skipped', detail: 'The answer told no time.', hint: null };
  }
  const skewMs = Math.max(0, sentMs - dateMs - 1_000, dateMs - gotMs);
  if (skewMs <= MAX_SKEW_MS) return ok('clock', title, 'It is right.');
  return bad(
    'warning',
    'clock',
    title,
    `It is ${Math.round(skewMs / 1000)} seconds off.`,
    'Let the system set it: days and months begin by it.',
  );
}

/** Whether somebody else listens where an engine would; only while none of ours runs. */
export async function checkPort(host: string, port: number, flag: string): Promise<DoctorCheck> {
  const title = `Port ${port}`;
  const taken = await new Promise<boolean>((resolve) => {
    const socket = createConnection({ host, port, timeout: 1_000 });
    const done = (found: boolean) => (): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', done(true));
    socket.once('error', done(false));
    socket.once('timeout', done(false));
  });
  if (!taken) return ok(`port-${port}`, title, 'It is free.');
  return bad(
    'failed',
    `port-${port}`,
    title,
    'Another program listens there.',
    `Stop it, or choose another port with ${flag}.`,
  );
}
