import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { AlertView, WebhookView } from '../../../proxy/contract/alerts.ts';
import type { Leak } from '../../../proxy/contract/checklist.ts';
import type { DoctorCheck } from '../../../proxy/contract/engine-status.ts';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';
import { CANARY_KEY } from '../../helpers/open-tollgate.ts';
import type { Served } from '../../helpers/tollgate-command.ts';
import { until } from '../../helpers/until.ts';

let commands: CommandHome;
let engine: Served;
let token: string;
beforeAll(async () => {
  commands = await openCommandHome();
  engine = await commands.serve();
  const limit = ['--limit', 'requests=4/day'];
  token = (await commands.json<{ token: string }>(['app', 'create', 'notebook', ...limit])).token;
  for (let time = 0; time < 2; time += 1) expect(await ask()).toBe(200);
}, 60_000);
afterAll(() => commands.close());

async function ask(): Promise<number> {
  const answer = await fetch(`${engine.baseUrl}/moderations`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: '{"input":"hello"}',
  });
  await answer.arrayBuffer();
  return answer.status;
}

const alerts = (...options: string[]): Promise<{ alerts: AlertView[]; open: number }> =>
  commands.json(['alerts', 'list', ...options]);

test('alerts are listed, acknowledged, snoozed and taken back', async () => {
  await until(async () => (await alerts()).alerts.length === 1, 15_000);
  const [alert] = (await alerts('--open')).alerts;
  expect(alert).toMatchObject({ kind: 'threshold', threshold: 50, app: 'notebook' });
  const id = String(alert?.id);
  const shown = await commands.run(['alerts', 'list']);
  expect(shown.stdout).toMatch(/ID +AT +SEVERITY +STATE +ALERT/);
  expect(shown.stdout).toContain('notebook has used 50 % of 4 requests a day');
  const snoozed = await commands.json<AlertView>(['alerts', 'snooze', id, '--until', '2h']);
  expect(Date.parse(snoozed.snoozedUntil ?? '')).toBeGreaterThan(Date.now() + 7_000_000);
  expect((await commands.run(['alerts', 'list'])).stdout).toContain('snoozed');
  expect(await commands.json(['alerts', 'snooze', id, '--off'])).toMatchObject({ snoozedUntil: null });
  expect((await commands.run(['alerts', 'ack', id])).stdout).toBe('Acknowledged 1; 0 left.\n');
  expect(await alerts('--open')).toEqual({ alerts: [], open: 0 });
  expect((await commands.run(['alerts', 'list', '--open'])).stderr).toBe('No alerts.\n');
  expect(await commands.json(['alerts', 'ack'])).toEqual({ acknowledged: 0, open: 0 });
  const wrong = await commands.run(['alerts', 'ack', 'all']);
  expect(wrong.code).toBe(2);
  expect(wrong.stderr).toContain('"all" is not the number of an alert');
  expect((await commands.run(['alerts', 'snooze', '999'])).code).toBe(1);
}, 60_000);

test('the webhook is a secret: piped, never shown, tested and removed', async () => {
  const bodies: string[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString();
    });
    request.on('end', () => {
      bodies.push(body);
      response.writeHead(bodies.length > 1 ? 404 : 200).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    const input = `${origin}/services/SecretOfTheHook\n`;
    const set = await commands.run(['alerts', 'webhook', 'set', '--stdin'], { input });
    expect([set.code, set.stdout]).toEqual([0, `Alerts are posted to ${origin}/….\n`]);
    const good = await commands.json<WebhookView>(['alerts', 'webhook', 'test']);
    expect(good.last).toMatchObject({ delivered: true, status: 200 });
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({ text: 'Tollgate: This is a test' });
    const bad = await commands.run(['alerts', 'webhook', 'test']);
    expect(bad.code).toBe(1);
    expect(bad.stdout).toContain('failed: it answered 404');
    const show = await commands.run(['alerts', 'webhook', 'show']);
    for (const { stdout, stderr } of [set, bad, show]) expect(stdout + stderr).not.toContain('SecretOf');
    expect((await commands.run(['alerts', 'webhook', 'remove'])).stdout).toBe('Alerts are posted nowhere.\n');
    expect((await commands.run(['alerts', 'webhook', 'test'])).code).toBe(1);
    const foreign = await commands.run(['alerts', 'webhook', 'set', '--stdin'], { input: 'http://evil.com' });
    expect(foreign.code).toBe(1);
    expect(foreign.stderr).toContain('plain http is for this machine only');
    const nobody = await commands.run(['alerts', 'webhook', 'set', '--no-input']);
    expect(nobody.code).not.toBe(0);
  } finally {
    server.close();
  }
}, 60_000);

test('everything is paused, for a while or until it is resumed', async () => {
  expect((await commands.run(['pause'])).stdout).toBe('Everything is paused until `tollgate resume`.\n');
  expect(await ask()).toBeGreaterThanOrEqual(400);
  expect((await commands.run(['resume'])).stdout).toBe('Requests go through.\n');
  expect(await ask()).toBe(200);
  const { paused } = await commands.json<{ paused: { until: string } }>(['pause', '--until', '1h']);
  expect(Math.abs(Date.parse(paused.until) - Date.now() - 3_600_000)).toBeLessThan(120_000);
  expect((await commands.run(['status'])).stdout).toMatch(/paused/i);
  expect(await commands.json(['resume'])).toEqual({ paused: null });
  const wrong = await commands.run(['pause', '--until', 'yesterday']);
  expect([wrong.code, await ask()]).toEqual([2, 200]);
}, 60_000);

test('requests are exported to stdout, and what is said to stderr', async () => {
  const csv = await commands.run(['export', 'csv']);
  expect(csv.code).toBe(0);
  const [head = '', ...lines] = csv.stdout.trimEnd().split('\r\n');
  expect(head).toMatch(/^id,at,appId,app,/);
  const json = await commands.run(['export', 'json', '--app', 'notebook', '--outcome', 'settled']);
  const settled = JSON.parse(json.stdout) as { outcome: string }[];
  expect(settled).toHaveLength(4);
  const ndjson = await commands.run(['export', 'ndjson', '--since', '1h']);
  const all = ndjson.stdout.trimEnd().split('\n');
  expect(lines).toHaveLength(all.length);
  expect(csv.stderr).toBe(`${lines.length} requests.\n`);
  const wrong = await commands.run(['export', 'xml']);
  expect([wrong.code, wrong.stdout]).toEqual([2, '']);
  const nobody = await commands.run(['export', 'csv', '--app', 'nobody', '--json']);
  expect(nobody.code).toBe(1);
  expect(JSON.parse(nobody.stderr)).toMatchObject({ error: { code: 'app_unknown' } });
}, 60_000);

test('the dashboard is opened with a link that works once, where there is a dashboard', async () => {
  const off = await commands.run(['open', '--print']);
  expect(off.code).toBe(1);
  expect(off.stderr).toMatch(/^tollgate: error: /);
  const other = await openCommandHome();
  try {
    expect((await other.run(['open', '--print'])).code).toBe(3);
    const served = await other.serve(['--dashboard-port=0'], { dashboard: true });
    const { url } = await other.json<{ url: string }>(['open']);
    expect(url.startsWith(`${served.dashboardUrl}#link=`)).toBe(true);
    const exchange = (link: string): Promise<Response> =>
      fetch(new URL('/session', link), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ link: new URL(link).hash.slice('#link='.length) }),
      });
    expect((await exchange(url)).status).toBe(200);
    expect((await exchange(url)).status).toBe(401);
    const { code, stdout } = await other.run(['open', '--print']);
    expect([code, (await exchange(stdout.trim())).status]).toEqual([0, 200]);
  } finally {
    await other.close();
  }
}, 60_000);

test('the doctor finds what is wrong, and tells nothing secret', async () => {
  const { checks } = await commands.json<{ checks: DoctorCheck[] }>(['doctor']);
  const states = new Map(checks.map(({ id, state }) => [id, state]));
  for (const id of ['node', 'home', 'disk', 'ports', 'upstream', 'clock', 'ledger', 'key']) {
    expect([id, states.get(id)]).toEqual([id, 'ok']);
  }
  expect(JSON.stringify(checks)).not.toContain(CANARY_KEY.slice(8, 20));
  commands.openai.setKey('sk-proj-some-other-key-some-other-key-0000');
  expect((await commands.run(['key', 'test'])).code).toBe(1);
  const sick = await commands.run(['doctor']);
  commands.openai.setKey(CANARY_KEY);
  expect(sick.code).toBe(1);
  expect(sick.stdout).toMatch(/FAILED {2}OpenAI key/);
  expect(sick.stdout).toContain('hint: ');
  await commands.run(['key', 'test']);
}, 60_000);

test('the doctor looks at a home that no engine can open', async () => {
  const other = await openCommandHome();
  try {
    await other.run(['app', 'list']);
    writeFileSync(join(other.home, 'ledger.db'), 'not a ledger');
    const { code, stdout } = await other.run(['doctor', '--json']);
    expect(code).toBe(1);
    const { checks } = JSON.parse(stdout) as { checks: DoctorCheck[] };
    expect(checks.find(({ id }) => id === 'open')).toMatchObject({ state: 'failed' });
    for (const { state, hint } of checks) if (state === 'failed') expect(hint).toMatch(/\w/);
  } finally {
    await other.close();
  }
}, 60_000);

test('the scan finds keys in files, masks them, and changes nothing', async () => {
  const dir = join(commands.home, 'project');
  mkdirSync(join(dir, 'node_modules', 'x'), { recursive: true });
  const secret = 'sk-proj-LeftInAFileLeftInAFileLeftInAFile0123456789';
  writeFileSync(join(dir, '.env'), `A=1\nOPENAI_API_KEY=${secret}\n`);
  writeFileSync(join(dir, 'clean.txt'), 'OPENAI_API_KEY=tg_nothing\n');
  writeFileSync(join(dir, 'node_modules', 'x', '.env'), `KEY=${secret}\n`);
  const found = await commands.run(['scan', dir]);
  expect(found.code).toBe(1);
  expect(found.stdout).toBe(`${dir}/.env:2:16  OpenAI key  sk-proj-… (${secret.length} characters)\n`);
  expect(found.stderr).toContain('1 key in 2 files');
  const json = await commands.run(['scan', dir, '--json']);
  expect(JSON.parse(json.stdout) as Leak).toMatchObject({ line: 2, column: 16, what: 'OpenAI key' });
  for (const { stdout, stderr } of [found, json]) expect(stdout + stderr).not.toContain('LeftInAFile');
  writeFileSync(join(dir, '.env'), '');
  const clean = await commands.run(['scan', dir]);
  expect([clean.code, clean.stdout]).toEqual([0, '']);
  writeFileSync(join(commands.home, '.bashrc'), `export OPENAI_API_KEY=${secret}\n`);
  const usual = await commands.run(['scan']);
  expect(usual.code).toBe(1);
  expect(usual.stdout).toContain(`${join(commands.home, '.bashrc')}:1:`);
  expect(readFileSync(join(commands.home, '.bashrc'), 'utf8')).toContain(secret);
}, 60_000);

test.each(['bash', 'zsh', 'fish', 'powershell'])(
  '%s gets a script that asks for what can come next',
  async (shell) => {
    const { code, stdout } = await commands.run(['completion', shell]);
    expect(code).toBe(0);
    expect(stdout).toContain('tollgate');
    expect(stdout).toContain('complete');
    if (shell === 'bash') {
      const file = join(commands.home, 'completion.bash');
      writeFileSync(file, stdout);
      const { spawnSync } = await import('node:child_process');
      expect(spawnSync('bash', ['-n', file]).status).toBe(0);
      expect(existsSync(file)).toBe(true);
    }
  },
  60_000,
);

test('commands and options are completed', async () => {
  const next = async (...words: string[]): Promise<string[]> => {
    const { code, stdout } = await commands.run(['complete', '--', ...words]);
    expect(code).toBe(0);
    return stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
  };
  expect(await next('')).toEqual(expect.arrayContaining(['serve', 'alerts', 'export', 'doctor', 'pause']));
  expect(await next('al')).toContain('alerts');
  expect(await next('alerts', '')).toEqual(expect.arrayContaining(['list', 'ack', 'snooze', 'webhook']));
  expect(await next('export', '--')).toEqual(expect.arrayContaining(['--app', '--since', '--outcome']));
  expect((await commands.run(['completion', 'tcsh'])).code).toBe(2);
}, 60_000);
