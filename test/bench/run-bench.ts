/**
 * `npm run bench`: what Tollgate costs, as ratios to a bare Node proxy against the same upstream in one
 * run, because absolute numbers say more about the machine. Prints a table, and JSON with `--json`.
 * `--ledger` measures a ledger of ten million requests instead; see ledger-bench.ts.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BenchProcess, residentMb, startProcess } from './processes.ts';
import { BENCH_KEY, load, type Measured, serialP50 } from './request-load.ts';
import { chunksPerSecond } from './stream-load.ts';

const here = (file: string): string => new URL(file, import.meta.url).pathname;
const ROUNDS = 3;
const WARM_UP_SECONDS = 10;

interface Ready {
  readonly baseUrl: string;
}

async function main(): Promise<void> {
  const json = process.argv.includes('--json');
  const seconds = Number(process.env['BENCH_SECONDS'] ?? 3);
  const home = mkdtempSync(join(tmpdir(), 'tollgate-bench-'));
  const running: BenchProcess<unknown>[] = [];
  const start = async <T>(
    args: string[],
    env?: Record<string, string | undefined>,
  ): Promise<BenchProcess<T>> => {
    const started = await startProcess<T>(args, env);
    running.push(started);
    return started;
  };
  try {
    const upstream = await start<{ port: number }>([here('./bench-upstream.ts')]);
    const direct = `http://127.0.0.1:${upstream.ready.port}`;
    const bare = await start<{ port: number }>([here('./bare-proxy.ts'), direct]);
    const serve = [
      here('../../proxy/bin/tollgate.mjs'),
      'serve',
      '--json',
      '--port=0',
      '--dashboard-port=0',
      '--key-store=env',
      `--upstream=${direct}/v1`,
    ];
    const env = { ...process.env, TOLLGATE_HOME: home, OPENAI_API_KEY: BENCH_KEY };
    // The first start compiles; people start more than once.
    const first = await startProcess<Ready>(serve, env);
    await first.stop();
    const engine = await start<Ready>(serve, env);
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const idleMb = residentMb(engine.child.pid ?? 0);
    const token = await createApp(env);

    const path = '/v1/chat/completions';
    const targets = {
      direct: `${direct}${path}`,
      bare: `http://127.0.0.1:${bare.ready.port}${path}`,
      tollgate: `${engine.ready.baseUrl}/chat/completions`,
    };
    const results = await measure(targets, token, seconds);
    report({ results, idleMb, readyMs: engine.readyMs, firstReadyMs: first.readyMs }, json);
  } finally {
    for (const started of running) await started.stop();
    rmSync(home, { recursive: true, force: true });
  }
}

type Row = Measured & { readonly serialP50Ms: number; readonly chunksPerSecond: number };

/**
 * Measures the targets in turn, several rounds each, and takes the middle round: a machine whose speed
 * wanders then does the same to all of them.
 */
async function measure(
  targets: Readonly<Record<string, string>>,
  token: string,
  seconds: number,
): Promise<Record<string, Row>> {
  const rounds: Record<string, Row[]> = {};
  for (const [name, url] of Object.entries(targets)) {
    rounds[name] = [];
    // Just-in-time compilation takes its time on two busy cores.
    await load(url, token, 32, WARM_UP_SECONDS);
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, url] of Object.entries(targets)) {
      const many = await load(url, token, 32, seconds);
      const serialP50Ms = await serialP50(url, token, 800);
      rounds[name]?.push({
        ...many,
        serialP50Ms,
        chunksPerSecond: await chunksPerSecond(url, token, 64, seconds),
      });
    }
  }
  const median = (values: readonly number[]): number =>
    [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
  return Object.fromEntries(
    Object.entries(rounds).map(([name, rows]) => [
      name,
      {
        requestsPerSecond: median(rows.map((row) => row.requestsPerSecond)),
        p50Ms: median(rows.map((row) => row.p50Ms)),
        serialP50Ms: median(rows.map((row) => row.serialP50Ms)),
        chunksPerSecond: median(rows.map((row) => row.chunksPerSecond)),
      },
    ]),
  );
}

async function createApp(env: Record<string, string | undefined>): Promise<string> {
  const created = await startProcess<{ token: string }>(
    [here('../../proxy/bin/tollgate.mjs'), 'app', 'create', 'bench', '--limit=usd=100000/day', '--json'],
    env,
  );
  return created.ready.token;
}

interface Report {
  readonly results: Readonly<Record<string, Row>>;
  readonly idleMb: number;
  readonly readyMs: number;
  readonly firstReadyMs: number;
}

function report({ results, idleMb, readyMs, firstReadyMs }: Report, json: boolean): void {
  const { direct, bare, tollgate } = results;
  if (!direct || !bare || !tollgate) throw new Error('a target was not measured');
  if (json) {
    process.stdout.write(`${JSON.stringify({ results, idleMb, readyMs, firstReadyMs })}\n`);
    return;
  }
  const row = (title: string, cells: readonly string[]): void => {
    console.log(title.padEnd(34) + cells.map((cell) => cell.padStart(14)).join(''));
  };
  const whole = (value: number): string => String(Math.round(value));
  row('', ['direct', 'bare proxy', 'Tollgate', 'ratio to bare']);
  row('requests/s, 32 connections', [
    whole(direct.requestsPerSecond),
    whole(bare.requestsPerSecond),
    whole(tollgate.requestsPerSecond),
    (tollgate.requestsPerSecond / bare.requestsPerSecond).toFixed(2),
  ]);
  row('p50 at 32 connections, ms', [direct.p50Ms, bare.p50Ms, tollgate.p50Ms].map(String));
  row('p50 at 1 connection, ms', [
    direct.serialP50Ms.toFixed(2),
    bare.serialP50Ms.toFixed(2),
    tollgate.serialP50Ms.toFixed(2),
    `+${(tollgate.serialP50Ms - direct.serialP50Ms).toFixed(2)} ms`,
  ]);
  row('SSE chunks/s, 64 streams', [
    whole(direct.chunksPerSecond),
    whole(bare.chunksPerSecond),
    whole(tollgate.chunksPerSecond),
    (tollgate.chunksPerSecond / bare.chunksPerSecond).toFixed(2),
  ]);
  console.log(
    `idle engine ${idleMb.toFixed(0)} MB; ready in ${readyMs.toFixed(0)} ms (first start ${firstReadyMs.toFixed(0)} ms)`,
  );
}

if (process.argv.some((option) => option.split('=', 1)[0] === '--ledger')) {
  const { main: mainOfLedger } = await import('./ledger-bench.ts');
  await mainOfLedger();
} else await main();
