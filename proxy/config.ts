import { readFileSync } from 'node:fs';
import { DEFAULT_DASHBOARD_PORT, DEFAULT_HOST, DEFAULT_PORT, DEFAULT_UPSTREAM } from './contract/defaults.ts';
import type { KeyStoreKind } from './contract/key-words.ts';
import type { DataPlaneTimeouts } from './gateway/data-plane.ts';
import type { LatePolling } from './gateway/late-work.ts';
import type { UpstreamTimeouts } from './gateway/upstream.ts';
import type { Home } from './home.ts';
import type { LateKind } from './ledger/entries.ts';

export interface EngineConfig {
  readonly home: Home;
  /** Null opens the home for one command: no port, no socket. */
  readonly dataPlane: { readonly host: string; readonly port: number } | null;
  /** Null serves no dashboard. */
  readonly dashboardPort: number | null;
  readonly upstream: string;
  readonly keyStore: KeyStoreKind | 'memory';
  /** How long a request may wait for budget held by others, in milliseconds. */
  readonly queueMs: number;
  /** IANA zone of calendar windows; the system's when absent. */
  readonly zone?: string;
  /** Host names besides loopback that the data plane answers to. */
  readonly extraHosts: readonly string[];
  /** Whether connections of other local users are refused, where the system can tell. */
  readonly checkPeers: boolean;
  readonly timeouts?: UpstreamTimeouts;
  /** How long clients may take; the defaults of the data plane unless set. */
  readonly clientTimeouts?: DataPlaneTimeouts;
  /** How often OpenAI is asked how far late work is; the defaults of the gateway unless set. */
  readonly latePolling?: Readonly<Record<LateKind, LatePolling>>;
  /** The folder of the built dashboard; found beside the package unless set. */
  readonly dashboardDir?: string;
  /** Where files of other tools are; the home folder of the user unless set. */
  readonly userHome?: string;
  /** Waits before an alert is posted again; the defaults of the webhook unless set. */
  readonly webhookRetryMs?: readonly number[];
  /** Whether the upstream is simulated: people are told that nothing costs money. */
  readonly simulated?: boolean;
  /** How long a stop waits for requests under way, in milliseconds. */
  readonly drainMs: number;
  readonly logLevel: string;
}

export function defaultConfig(home: Home): EngineConfig {
  return {
    home,
    dataPlane: { host: DEFAULT_HOST, port: DEFAULT_PORT },
    dashboardPort: DEFAULT_DASHBOARD_PORT,
    upstream: DEFAULT_UPSTREAM,
    keyStore: 'keychain',
    queueMs: 10_000,
    extraHosts: [],
    checkPeers: true,
    drainMs: 5_000,
    logLevel: 'info',
  };
}

interface Manifest {
  readonly version: string;
}

/** The version of the package, from the manifest beside this file or above the built one. */
export function packageVersion(): string {
  const depth = import.meta.url.endsWith('.ts') ? './package.json' : '../package.json';
  return (JSON.parse(readFileSync(new URL(depth, import.meta.url), 'utf8')) as Manifest).version;
}
