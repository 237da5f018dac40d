import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import {
  type ProgramResult,
  type ServiceEnvironment,
  serviceManager,
} from '../../../proxy/cli/service/service-manager.ts';
import type { ServicePlan } from '../../../proxy/cli/service/service-plan.ts';
import { windowsTask } from '../../../proxy/cli/service/windows-task.ts';
import { AppError } from '../../../proxy/contract/errors.ts';

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tollgate-service-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const plan: ServicePlan = {
  command: ['/opt/A & B/node', '/opt/tollgate.mjs', 'serve', '--port=4747'],
  env: { TOLLGATE_HOME: '/data <of> "me"' },
  environmentFile: null,
  outputPath: '/logs/service.log',
};

/** A system whose programs note what they are asked and answer from a table. */
function system(
  platform: NodeJS.Platform,
  answers: Readonly<Record<string, ProgramResult>> = {},
): { environment: ServiceEnvironment; asked: string[] } {
  const asked: string[] = [];
  const environment: ServiceEnvironment = {
    platform,
    env: {},
    homeDir: dir,
    user: 'DESK\\ann',
    uid: 501,
    dataDir: dir,
    async run(program, args) {
      const line = [program, ...args].join(' ');
      asked.push(line);
      const known = Object.entries(answers).find(([start]) => line.startsWith(start));
      return known?.[1] ?? { code: 0, output: '' };
    },
  };
  return { environment, asked };
}

const hasPython = spawnSync('python3', ['--version']).status === 0;
if (!hasPython) process.stderr.write('left out: whether XML is well-formed, as python3 is not installed\n');

/** Whether an XML parser that is not ours takes it. */
function parsesAsXml(xml: string): string {
  if (!hasPython) return 'well-formed';
  const { status, stderr } = spawnSync(
    'python3',
    ['-c', 'import sys, xml.dom.minidom; xml.dom.minidom.parseString(sys.stdin.buffer.read())'],
    { input: xml.replace('encoding="UTF-16"', 'encoding="UTF-8"'), encoding: 'utf8' },
  );
  return status === 0 ? 'well-formed' : stderr;
}

test('on macOS: an agent of this user, loaded now and at login', async () => {
  const { environment, asked } = system('darwin', { 'launchctl print': { code: 113, output: '' } });
  const manager = serviceManager(environment);
  await manager.install(plan, true);
  const path = join(dir, 'Library/LaunchAgents/dev.tollgate.engine.plist');
  expect(asked).toEqual([
    'launchctl print gui/501/dev.tollgate.engine',
    `launchctl bootstrap gui/501 ${path}`,
  ]);
  const plist = await readFile(path, 'utf8');
  expect(plist).toContain('<string>/opt/A &amp; B/node</string><string>/opt/tollgate.mjs</string>');
  expect(plist).toContain('<string>/data &lt;of&gt; &quot;me&quot;</string>');
  expect(plist).toMatch(/<key>KeepAlive<\/key>\s*<dict><key>SuccessfulExit<\/key><false\/><\/dict>/);
  expect(parsesAsXml(plist)).toBe('well-formed');
  expect(await manager.status()).toMatchObject({ installed: true, running: false });
});

test('on macOS: one that is loaded is unloaded before it is replaced or removed', async () => {
  const loaded = { code: 0, output: '\tstate = running\n' };
  const { environment, asked } = system('darwin', { 'launchctl print': loaded });
  const manager = serviceManager(environment);
  await manager.install(plan, true);
  expect(await manager.status()).toMatchObject({ installed: true, running: true });
  await manager.uninstall();
  expect(asked.filter((line) => line.includes('bootout'))).toHaveLength(2);
  expect(await manager.status()).toMatchObject({ installed: false });
});

test('on Windows: a task of this user at login, also on battery and without an end', async () => {
  const { environment, asked } = system('win32', { 'schtasks /Query': { code: 0, output: '"Running"' } });
  const manager = serviceManager(environment);
  await manager.install(plan, true);
  const path = join(dir, 'tollgate-task.xml');
  expect(asked).toEqual([`schtasks /Create /TN Tollgate /XML ${path} /F`, 'schtasks /Run /TN Tollgate']);
  const bytes = await readFile(path);
  expect(bytes.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xfe]));
  const xml = bytes.subarray(2).toString('utf16le');
  expect(parsesAsXml(xml)).toBe('well-formed');
  expect(xml).toContain('<UserId>DESK\\ann</UserId>');
  expect(xml).toContain('<ExecutionTimeLimit>PT0S</ExecutionTimeLimit>');
  expect(xml).toContain('<RunLevel>LeastPrivilege</RunLevel>');
  expect(await manager.status()).toMatchObject({ installed: true, running: true });
});

test('on Windows: arguments are quoted as the C runtime takes them apart', () => {
  const odd: ServicePlan = {
    ...plan,
    env: {},
    command: ['C:\\Program Files\\node.exe', 'C:\\a b\\', 'x"y', 'z'],
  };
  expect(windowsTask(odd, 'ann')).toContain(
    '<Arguments>--headless &quot;C:\\Program Files\\node.exe&quot; &quot;C:\\a b\\\\&quot; &quot;x\\&quot;y&quot; z</Arguments>',
  );
});

test('on any other system it says what to do instead', () => {
  const open = (): unknown => serviceManager(system('freebsd').environment);
  expect(open).toThrow(new AppError('service_unsupported', { platform: 'freebsd' }));
});
