/**
 * `npm run bench -- --ledger[=DIR] [--rows=N] [--zone=ZONE]`: what a ledger of ten million requests costs:
 * the start, every query of the dashboard, and admission beside an engine whose ledger is empty. Making the
 * ledger takes minutes; in DIR it is kept and used again.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '../../proxy/cli/control-client.ts';
import { locateHome } from '../../proxy/home.ts';
import { generateLedger } from './generate-ledger.ts';
import { LEDGER_QUERIES } from './ledger-queries.ts';
import { type BenchProcess, startProcess } from './processes.ts';
import { BENCH_KEY, load, serialP50 } from './request-load.ts';

const here = (file: string): string => new URL(file, import.meta.url).pathname;
const LAUNCHER = here('../../proxy/bin/tollgate.mjs');
const ROUNDS = 5;
const REPEATS = 7;
/** Bars of the design. */
const MAX_START_MS = 1_000;
const MAX_QUERY_MS = 100;
const MAX_CHANGE = 0.1;

interface Engine {
  readonly home: string;
  readonly readyMs: number;
  readonly url: string;
  readonly token: string;
}

interface QueryTime {
  readonly name: string;
  readonly firstMs: number;
  readonly medianMs: number;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

function option(name: string): string | undefined {
  const found = process.argv.find((argument) => argument.startsWith(`--${name}=`));
  return found?.slice(name.length + 3);
}

export async function main(): Promise<void> {
  const kept = option('ledger');
  const rows = Number(option('rows') ?? 10_000_000);
  const dir = kept ?? mkdtempSync(join(tmpdir(), 'tollgate-bench-'));
  const empty = mkdtempSync(join(tmpdir(), 'tollgate-bench-'));
  const running: BenchProcess<unknown>[] = [];
  try {
    if (!existsSync(locateHome({ TOLLGATE_HOME: dir }).dbPath)) {
      console.error(`Making a ledger of ${rows} requests…`);
      generateLedger(dir, rows, Date.now());
    }
    const upstream = await startProcess<{ port: number }>([here('./bench-upstream.ts')]);
    running.push(upstream);
    const target = `http://127.0.0.1:${upstream.ready.port}/v1`;
    const small = await openEngine(empty, target, running);
    const large = await openEngine(dir, target, running);
    const queries = await timeQueries(dir);
    const admission = await compare(small, large);
    report({ start: { emptyMs: small.readyMs, ledgerMs: large.readyMs }, queries, admission });
  } finally {
    for (const started of running.reverse()) await started.stop();
    rmSync(empty, { recursive: true, force: true });
    if (kept === undefined) rmSync(dir, { recursive: true, force: true });
  }
}

async function openEngine(home: string, upstream: string, running: BenchProcess<unknown>[]): Promise<Engine> {
  const zone = option('zone');
  const serve = [
    LAUNCHER,
    'serve',
    '--json',
    '--port=0',
    '--no-dashboard',
    '--key-store=env',
    `--upstream=${upstream}`,
    ...(zone === undefined ? [] : [`--zone=${zone}`]),
  ];
  const env = { ...process.env, TOLLGATE_HOME: home, OPENAI_API_KEY: BENCH_KEY };
  // The first start compiles, migrates and compares a ledger that nobody has compared; then it is as ever.
  const starts: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    const started = await startProcess(serve, env);
    await started.stop();
    if (time > 0) starts.push(started.readyMs);
  }
  const engine = await startProcess<{ baseUrl: string }>(serve, env);
  running.push(engine);
  starts.push(engine.readyMs);
  const name = `bench-${Date.now().toString(36)}`;
  const app = await startProcess<{ token: string }>(
    [LAUNCHER, 'app', 'create', name, '--limit=usd=100000/day', '--json'],
    env,
  );
  const url = `${engine.ready.baseUrl}/chat/completions`;
  return { home, readyMs: median(starts), url, token: app.ready.token };
}

async function timeQueries(home: string): Promise<QueryTime[]> {
  const open = await connect(locateHome({ TOLLGATE_HOME: home }));
  if (!open) throw new Error('the engine does not answer');
  // What answers is loaded, and the thread of the reports started, at the first call.
  await open.client.usage.report({ by: 'app' });
  const times: QueryTime[] = [];
  for (const { name, run } of LEDGER_QUERIES) {
    const each: number[] = [];
    for (let time = 0; time < REPEATS; time += 1) {
      const started = performance.now();
      await run(open.client);
      each.push(performance.now() - started);
    }
    times.push({ name, firstMs: each[0] ?? 0, medianMs: median(each) });
  }
  await open.close();
  return times;
}

/** In turn, so that a machine whose speed wanders does the same to both. */
async function compare(small: Engine, large: Engine) {
  const seconds = Number(process.env['BENCH_SECONDS'] ?? 3);
  const rounds = {
    small: [] as number[],
    large: [] as number[],
    smallMs: [] as number[],
    largeMs: [] as number[],
  };
  for (const { url, token } of [small, large]) await load(url, token, 32, 5);
  for (let round = 0; round < ROUNDS; round += 1) {
    rounds.small.push((await load(small.url, small.token, 32, seconds)).requestsPerSecond);
    rounds.large.push((await load(large.url, large.token, 32, seconds)).requestsPerSecond);
    rounds.smallMs.push(await serialP50(small.url, small.token, 500));
    rounds.largeMs.push(await serialP50(large.url, large.token, 500));
  }
  return {
    requestsPerSecond: { empty: median(rounds.small), ledger: median(rounds.large) },
    p50Ms: { empty: median(rounds.smallMs), ledger: median(rounds.largeMs) },
    ratio: median(rounds.large.map((value, at) => value / (rounds.small[at] ?? value))),
    p50Ratio: median(rounds.largeMs.map((value, at) => value / (rounds.smallMs[at] ?? value))),
  };
}

function report(found: {
  readonly start: { readonly emptyMs: number; readonly ledgerMs: number };
  readonly queries: readonly QueryTime[];
  readonly admission: Awaited<ReturnType<typeof compare>>;
}): void {
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify(found)}\n`);
    return;
  }
  const { start, queries, admission } = found;
  const over = (isOver: boolean): string => (isOver ? '  OVER' : '');
  const line = (name: string, first: string, second: string, mark = ''): void =>
    console.log(name.padEnd(64) + first.padStart(12) + second.padStart(12) + mark);
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  line('', 'empty', 'ledger');
  line('ready', ms(start.emptyMs), ms(start.ledgerMs), over(start.ledgerMs > MAX_START_MS));
  const { requestsPerSecond, p50Ms, ratio, p50Ratio } = admission;
  const whole = (value: number): string => String(Math.round(value));
  line('requests/s, 32 connections', whole(requestsPerSecond.empty), whole(requestsPerSecond.ledger));
  line('  ratio', '', ratio.toFixed(2), over(ratio < 1 - MAX_CHANGE));
  line('p50 at 1 connection', ms(p50Ms.empty), ms(p50Ms.ledger));
  line('  ratio', '', p50Ratio.toFixed(2), over(p50Ratio > 1 + MAX_CHANGE));
  line('query', 'first', 'median');
  for (const { name, firstMs, medianMs } of queries) {
    line(name, ms(firstMs), ms(medianMs), over(medianMs > MAX_QUERY_MS));
  }
}
