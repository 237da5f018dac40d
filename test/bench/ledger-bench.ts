/**
 * `npm run bench -- --ledger[=DIR] [--rows=N] [--zone=ZONE] [--no-queries]`: what a ledger of ten million requests costs:
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
import { type BenchProcess, processorMs, startProcess, untilQuiet } from './processes.ts';
import { BENCH_KEY, load, serialP50 } from './request-load.ts';

const here = (file: string): string => new URL(file, import.meta.url).pathname;
const LAUNCHER = here('../../proxy/bin/tollgate.mjs');
const ROUNDS = 10;
const SERIAL_ROUNDS = 20;
const SERIAL_REQUESTS = 100;
const REPEATS = 7;
const CHECK_AFTER_MS = 65_000;
/** Bars of the design. */
const MAX_START_MS = 1_000;
const MAX_QUERY_MS = 100;
const MAX_CHANGE = 0.1;

interface Engine {
  readonly pid: number;
  readonly home: string;
  readonly readyMs: number;
  /** Processor time until it was ready. */
  readonly startCpuMs: number;
  readonly url: string;
  readonly token: string;
}

interface QueryTime {
  readonly name: string;
  readonly firstMs: number;
  readonly medianMs: number;
  /** Processor time of the engine: on a machine with other work it says more than the clock. */
  readonly cpuMs: number;
}

type StartTime = ReturnType<typeof startOf>;

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
    const queries = process.argv.includes('--no-queries') ? [] : await timeQueries(large);
    // A large ledger is read through once, a minute after a start.
    console.error('Waiting for the check of the ledger to end…');
    await new Promise((resolve) => setTimeout(resolve, CHECK_AFTER_MS));
    await untilQuiet(large.pid);
    const admission = await compare(small, large);
    report({ start: { empty: startOf(small), ledger: startOf(large) }, queries, admission });
  } finally {
    for (const started of running.reverse()) await started.stop();
    rmSync(empty, { recursive: true, force: true });
    if (kept === undefined) rmSync(dir, { recursive: true, force: true });
  }
}

const startOf = ({ readyMs, startCpuMs }: Engine) => ({ readyMs, cpuMs: startCpuMs });

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
  const pid = engine.child.pid ?? 0;
  const startCpuMs = processorMs(pid);
  running.push(engine);
  starts.push(engine.readyMs);
  const name = `bench-${Date.now().toString(36)}`;
  const app = await startProcess<{ token: string }>(
    [LAUNCHER, 'app', 'create', name, '--limit=usd=100000/day', '--json'],
    env,
  );
  const url = `${engine.ready.baseUrl}/chat/completions`;
  return { pid, home, readyMs: median(starts), startCpuMs, url, token: app.ready.token };
}

async function timeQueries({ home, pid }: Engine): Promise<QueryTime[]> {
  const open = await connect(locateHome({ TOLLGATE_HOME: home }));
  if (!open) throw new Error('the engine does not answer');
  // What answers is loaded, and the thread of the reports started, at the first call.
  await open.client.usage.report({ by: 'app' });
  const times: QueryTime[] = [];
  for (const { name, run } of LEDGER_QUERIES) {
    const each: number[] = [];
    const before = processorMs(pid);
    for (let time = 0; time < REPEATS; time += 1) {
      const started = performance.now();
      await run(open.client);
      each.push(performance.now() - started);
    }
    const cpuMs = (processorMs(pid) - before) / REPEATS;
    times.push({ name, firstMs: each[0] ?? 0, medianMs: median(each), cpuMs });
  }
  await open.close();
  return times;
}

interface Round {
  readonly requestsPerSecond: number;
  /** Of the engine, for each request. */
  readonly cpuUs: number;
}

async function round({ url, token, pid }: Engine, seconds: number): Promise<Round> {
  const before = processorMs(pid);
  const { requestsPerSecond } = await load(url, token, 32, seconds);
  const cpuUs = ((processorMs(pid) - before) * 1_000) / (requestsPerSecond * seconds);
  return { requestsPerSecond, cpuUs };
}

/**
 * In turn and in short rounds, so that a machine whose speed wanders does the same to both; a ratio is the
 * middle one of all rounds.
 */
async function compare(small: Engine, large: Engine) {
  const seconds = Number(process.env['BENCH_SECONDS'] ?? 3);
  for (const { url, token } of [small, large]) await load(url, token, 32, 5);
  const rounds: { small: Round; large: Round }[] = [];
  for (let count = 0; count < ROUNDS; count += 1) {
    rounds.push(await bothWays(count, (engine) => round(engine, seconds), small, large));
  }
  const serial: { small: number; large: number }[] = [];
  for (let count = 0; count < SERIAL_ROUNDS; count += 1) {
    serial.push(
      await bothWays(count, ({ url, token }) => serialP50(url, token, SERIAL_REQUESTS), small, large),
    );
  }
  const of = <Each>(all: readonly { small: Each; large: Each }[], value: (each: Each) => number) => ({
    empty: median(all.map((each) => value(each.small))),
    ledger: median(all.map((each) => value(each.large))),
    ratio: median(all.map((each) => value(each.large) / value(each.small))),
  });
  return {
    requestsPerSecond: of(rounds, (each) => each.requestsPerSecond),
    cpuUs: of(rounds, (each) => each.cpuUs),
    p50Ms: of(serial, (each) => each),
  };
}

/** Whoever is first has it better or worse: each is, every other time. */
async function bothWays<Each>(
  count: number,
  run: (engine: Engine) => Promise<Each>,
  small: Engine,
  large: Engine,
): Promise<{ small: Each; large: Each }> {
  if (count % 2 === 0) return { small: await run(small), large: await run(large) };
  const first = await run(large);
  return { small: await run(small), large: first };
}

function report(found: {
  readonly start: { readonly empty: StartTime; readonly ledger: StartTime };
  readonly queries: readonly QueryTime[];
  readonly admission: Awaited<ReturnType<typeof compare>>;
}): void {
  if (process.argv.includes('--json')) {
    process.stdout.write(`${JSON.stringify(found)}\n`);
    return;
  }
  const { start, queries, admission } = found;
  const over = (isOver: boolean): string => (isOver ? '  OVER' : '');
  const line = (name: string, cells: readonly string[], mark = ''): void =>
    console.log(name.padEnd(62) + cells.map((cell) => cell.padStart(11)).join('') + mark);
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  const ratio = (value: number): string => value.toFixed(2);
  line('', ['empty', 'ledger', 'ratio']);
  line(
    'ready',
    [ms(start.empty.readyMs), ms(start.ledger.readyMs)],
    over(start.ledger.readyMs > MAX_START_MS),
  );
  line('  processor time of that', [ms(start.empty.cpuMs), ms(start.ledger.cpuMs)]);
  const { requestsPerSecond: rate, p50Ms, cpuUs } = admission;
  const whole = (value: number): string => String(Math.round(value));
  const isOff = (value: number): string => over(Math.abs(value - 1) > MAX_CHANGE);
  line(
    'requests/s, 32 connections',
    [whole(rate.empty), whole(rate.ledger), ratio(rate.ratio)],
    isOff(Math.min(1, rate.ratio)),
  );
  line(
    'p50 at 1 connection',
    [ms(p50Ms.empty), ms(p50Ms.ledger), ratio(p50Ms.ratio)],
    isOff(Math.max(1, p50Ms.ratio)),
  );
  line('processor time of a request, µs', [whole(cpuUs.empty), whole(cpuUs.ledger), ratio(cpuUs.ratio)]);
  line('query', ['first', 'median', 'processor']);
  for (const { name, firstMs, medianMs, cpuMs } of queries) {
    line(name, [ms(firstMs), ms(medianMs), ms(cpuMs)], over(medianMs > MAX_QUERY_MS));
  }
}
