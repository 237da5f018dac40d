import { DEFAULT_UPSTREAM } from '../proxy/contract/defaults.ts';
import type { Settings } from '../proxy/contract/settings.ts';
import { defaultConfig, type EngineConfig, type Home } from '../proxy/index.ts';
import { keyStoreOf } from './engine-environment.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * With what the engine process runs: what the user has set in the dashboard, as `tollgate serve` takes it,
 * and the few variables that its main process has handed it. Port 0 takes any.
 */
export function engineConfig(home: Home, env: Environment, set: Settings['engine']): EngineConfig {
  const base = defaultConfig(home);
  const pageDir = env['TOLLGATE_PAGE_DIR'];
  return {
    ...base,
    ...(base.dataPlane ? { dataPlane: { ...base.dataPlane, port: set.port ?? base.dataPlane.port } } : {}),
    dashboardPort: set.dashboardPort ?? base.dashboardPort,
    queueMs: set.queueMs ?? base.queueMs,
    ...(set.zone === null ? {} : { zone: set.zone }),
    keyStore: keyStoreOf(env),
    upstream: env['TOLLGATE_UPSTREAM'] ?? DEFAULT_UPSTREAM,
    ...(pageDir === undefined ? {} : { dashboardDir: pageDir }),
  };
}
