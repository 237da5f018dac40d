import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { demoPrices } from '../demo/demo-prices.ts';
import { openSimulatedOpenAi } from '../demo/simulated-openai.ts';
import { createLocalClient, defaultConfig, type Engine, locateHome, openKeyStore } from '../index.ts';
import { sendDemoTraffic } from './demo-traffic.ts';
import { startEngine, untilStopped } from './start-engine.ts';
import { ownName, printJson, printLine, say } from './terminal.ts';

export interface DemoSession {
  readonly port: number;
  readonly dashboardPort: number | null;
  readonly traffic: boolean;
  readonly json: boolean;
}

/** Runs until it is stopped; leaves nothing behind, however it ends. */
export async function runDemo(session: DemoSession): Promise<void> {
  const stopped = untilStopped();
  const dataDir = mkdtempSync(join(tmpdir(), 'tollgate-demo-'));
  process.once('exit', () => rmSync(dataDir, { recursive: true, force: true }));
  // Made up, and known to the simulated OpenAI only.
  const key = `sk-demo-${randomBytes(24).toString('base64url')}`;
  const openai = await openSimulatedOpenAi({ key, prices: demoPrices, tokensPerSecond: 90 });
  try {
    const keyStore = await openKeyStore('memory', { env: {}, dataDir, passphrase: async () => null });
    await keyStore.set(Buffer.from(key));
    const config = {
      ...defaultConfig(locateHome({ TOLLGATE_HOME: dataDir })),
      dataPlane: { host: '127.0.0.1', port: session.port },
      dashboardPort: session.dashboardPort,
      upstream: openai.baseUrl,
      keyStore: 'memory' as const,
      simulated: true,
      drainMs: 500,
    };
    const running = await startEngine(config, keyStore);
    await show(running.engine, session, dataDir, stopped);
    await running.close();
  } finally {
    await openai.close();
  }
  process.exit(0);
}

/** Sets up what there is to see, and waits until the demo is stopped. */
async function show(
  engine: Engine,
  session: DemoSession,
  dataDir: string,
  stopped: Promise<void>,
): Promise<void> {
  const { client, end } = await createLocalClient(engine.control);
  await client.limits.set({
    limits: [{ metric: 'usd', amount: 20_000_000_000, window: 'month', enforce: 'hard' }],
  });
  const { token } = await client.apps.create({
    name: 'try-me',
    limits: [{ metric: 'usd', amount: 1_000_000_000, window: 'day', enforce: 'hard' }],
  });
  const { baseUrl, dashboardUrl, version } = engine;
  if (session.json) printJson({ baseUrl, dashboardUrl, pid: process.pid, version, token, home: dataDir });
  else {
    const link = dashboardUrl === null ? null : (await client.sessions.link()).url;
    sayHowToTry(baseUrl, link, token ?? '', dataDir);
  }
  const stopTraffic = session.traffic ? await sendDemoTraffic(client, baseUrl ?? '') : () => undefined;
  await stopped;
  stopTraffic();
  end();
}

function sayHowToTry(
  baseUrl: string | null,
  dashboardUrl: string | null,
  token: string,
  dataDir: string,
): void {
  printLine('Tollgate demo: a simulated OpenAI, an app called try-me with $1 a day, and two apps that work.');
  printLine(`Base URL   ${baseUrl}`);
  if (dashboardUrl) printLine(`Dashboard  ${dashboardUrl}`);
  printLine(`App token  ${token}`);
  printLine('\nSend a request:');
  printLine(`  curl ${baseUrl}/chat/completions -H 'content-type: application/json' \\`);
  printLine(`    -H 'authorization: Bearer ${token}' \\`);
  printLine(`    -d '{"model":"gpt-5.4-mini","messages":[{"role":"user","content":"Say hello"}]}'`);
  printLine('\nSee what it cost, in another terminal:');
  printLine(`  TOLLGATE_HOME=${dataDir} ${ownName()} usage`);
  say('\nStop it with Ctrl-C; it leaves nothing behind.');
}
