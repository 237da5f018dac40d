import { randomBytes } from 'node:crypto';
import { runScope } from '../admission/accountant.ts';
import { APP_NAME_PATTERN, type AppMode, DEFAULT_POLICY } from '../contract/app-policy.ts';
import { type AppPolicyPatch, appPolicySchema, type NewLimit } from '../contract/apps.ts';
import { AppError } from '../contract/errors.ts';
import type { LimitSpec } from '../contract/limits.ts';
import type { TokenView } from '../contract/tokens.ts';
import { createAppToken, hashAppToken } from '../keys/app-token.ts';
import type { LimitKey, NewToken } from '../ledger/records.ts';
import type { App, LiveToken } from '../ledger/registry.ts';
import type { ControlDeps } from './control-deps.ts';

/** @throws AppError `app_unknown` */
export function requireApp(deps: ControlDeps, nameOrId: string): App {
  const app = deps.registry.findApp(nameOrId);
  if (!app) throw new AppError('app_unknown', { app: nameOrId.slice(0, 100) });
  return app;
}

/** @throws AppError `app_name_invalid` or `app_exists` */
function requireFreeName(deps: ControlDeps, name: string, except?: App): void {
  // A key in the wrong place must not become a name that every list and log shows.
  if (/^(sk-|tg_)[\w-]{16,}/.test(name)) {
    throw new AppError('app_name_invalid', { app: `${name.slice(0, 3)}…`, problem: 'it looks like a key' });
  }
  const shown = name.slice(0, 80);
  if (!APP_NAME_PATTERN.test(name)) {
    const problem =
      name === '' ? 'it is empty' : name.length > 64 ? 'it is too long' : 'it has other characters';
    throw new AppError('app_name_invalid', { app: shown, problem });
  }
  const taken = deps.registry.findApp(name);
  if (taken && taken.num !== except?.num) throw new AppError('app_exists', { app: shown });
}

/** @throws AppError `input_invalid` for what is not an origin as browsers send it */
function requireOrigins(origins: readonly string[]): void {
  for (const origin of origins) {
    const url = URL.canParse(origin) ? new URL(origin) : null;
    if (!url || url.origin !== origin || !/^https?:$/.test(url.protocol)) {
      throw new AppError('input_invalid', {
        problem: `"${origin.slice(0, 80)}" is not an origin such as http://localhost:3000`,
      });
    }
  }
}

function newToken(
  deps: ControlDeps,
  kind: NewToken['kind'],
  more: Pick<NewToken, 'label'> & { readonly expiresAtMs?: number | null } = {},
): { token: string; record: NewToken } {
  const token = createAppToken();
  const hash = Buffer.from(hashAppToken(token), 'hex');
  const record = { hash, kind, createdAtMs: deps.now(), expiresAtMs: null, ...more };
  return { token, record };
}

export interface AppToCreate {
  readonly name: string;
  readonly mode: AppMode;
  readonly policy: AppPolicyPatch;
  readonly limits: readonly NewLimit[];
  readonly withToken: boolean;
}

/** @throws AppError `app_name_invalid`, `app_exists` or `input_invalid` */
export async function createApp(
  deps: ControlDeps,
  input: AppToCreate,
): Promise<{ app: App; token: string | null }> {
  requireFreeName(deps, input.name);
  const policy = appPolicySchema.parse({ ...DEFAULT_POLICY, ...input.policy });
  requireOrigins(policy.origins);
  const token = input.withToken ? newToken(deps, 'app') : null;
  const app = await deps.registry.createApp({
    id: `app_${randomBytes(8).toString('hex')}`,
    name: input.name,
    mode: input.mode,
    policy,
    limits: input.limits,
    createdAtMs: deps.now(),
    token: token?.record ?? null,
  });
  return { app, token: token?.token ?? null };
}

export interface AppToChange {
  readonly name?: string | undefined;
  readonly mode?: AppMode | undefined;
  readonly policy?: AppPolicyPatch | undefined;
  readonly setLimits?: readonly NewLimit[] | undefined;
  readonly removeLimits?: readonly LimitKey[] | undefined;
}

/** @throws AppError `app_name_invalid`, `app_exists`, `input_invalid` or `limit_unknown` */
export async function changeApp(deps: ControlDeps, app: App, change: AppToChange): Promise<App> {
  if (change.name !== undefined) requireFreeName(deps, change.name, app);
  const policy = change.policy && appPolicySchema.parse({ ...app.policy, ...change.policy });
  if (policy) requireOrigins(policy.origins);
  for (const key of change.removeLimits ?? []) requireLimit(app.limits, key);
  return deps.registry.changeApp({
    num: app.num,
    atMs: deps.now(),
    ...(change.name === undefined ? {} : { name: change.name }),
    ...(change.mode === undefined ? {} : { mode: change.mode }),
    ...(policy === undefined ? {} : { policy }),
    ...(change.setLimits === undefined ? {} : { setLimits: change.setLimits }),
    ...(change.removeLimits === undefined ? {} : { removeLimits: change.removeLimits }),
  });
}

/** @throws AppError `limit_unknown` */
export function requireLimit(limits: readonly LimitKey[], key: LimitKey): void {
  const found = limits.some(
    ({ metric, window, enforce }) =>
      metric === key.metric && window === key.window && enforce === key.enforce,
  );
  if (!found) {
    throw new AppError('limit_unknown', {
      limit: `${key.metric}/${key.window}${key.enforce === 'warn' ? ' (warn)' : ''}`,
    });
  }
}

export function setPaused(deps: ControlDeps, app: App, paused: boolean): Promise<App> {
  return deps.registry.changeApp({ num: app.num, pausedAtMs: paused ? deps.now() : null, atMs: deps.now() });
}

const ROTATION_MS = { now: 0, '1h': 3_600_000, '24h': 86_400_000, '7d': 7 * 86_400_000 } as const;
export type Rotation = keyof typeof ROTATION_MS;

/** Makes a new token and ends the old ones, at once or after a while; then their streams are cut. */
export async function rotateTokens(deps: ControlDeps, app: App, oldTokensEnd: Rotation): Promise<string> {
  const old = deps.registry.tokensOf(app.num).map(({ id }) => id);
  const { token, record } = newToken(deps, 'app');
  await deps.registry.addToken(app.num, record);
  if (oldTokensEnd === 'now') await deps.registry.revokeTokens(old, deps.now());
  else await deps.registry.expireTokens(old, deps.now() + ROTATION_MS[oldTokensEnd]);
  return token;
}

/** One more token; it is told this once. */
export async function issueToken(
  deps: ControlDeps,
  app: App,
  label: string | null,
  expiresAtMs: number | null,
): Promise<{ id: number; token: string }> {
  const { token, record } = newToken(deps, 'app', { label, expiresAtMs });
  const { id } = await deps.registry.addToken(app.num, record);
  return { id, token };
}

/** @throws AppError `token_unknown` */
export async function revokeToken(deps: ControlDeps, app: App, id: number): Promise<void> {
  const token = deps.registry.allTokensOf(app.num).find((each) => each.id === id);
  if (!token) throw new AppError('token_unknown', { app: app.name, id });
  await deps.registry.revokeTokens([id], deps.now());
}

/** Those that work now. */
export function tokenViews(deps: ControlDeps, app: App): TokenView[] {
  const iso = (atMs: number | null): string | null => (atMs === null ? null : new Date(atMs).toISOString());
  return deps.registry
    .allTokensOf(app.num)
    .filter(({ expiresAtMs }) => expiresAtMs === null || expiresAtMs > deps.now())
    .map(({ id, label, kind, createdAtMs, expiresAtMs }) => ({
      id,
      label,
      kind,
      createdAt: new Date(createdAtMs).toISOString(),
      expiresAt: iso(expiresAtMs),
      lastUsedAt: iso(deps.activity.ofToken(id)),
    }));
}

export interface Run {
  readonly token: string;
  readonly tokenId: number;
  /** Revokes the token and cuts what it has under way. */
  end(): Promise<void>;
}

/** Opens a token for one run, with limits of its own beside those of the app and the key. */
export async function startRun(deps: ControlDeps, app: App, limits: readonly LimitSpec[]): Promise<Run> {
  const { token, record } = newToken(deps, 'run');
  const live: LiveToken = await openRun(deps, app, record, limits);
  return {
    token,
    tokenId: live.id,
    async end() {
      await deps.registry.revokeTokens([live.id], deps.now());
      deps.accountant.closeScope(runScope(String(live.id)));
    },
  };
}

async function openRun(
  deps: ControlDeps,
  app: App,
  record: NewToken,
  limits: readonly LimitSpec[],
): Promise<LiveToken> {
  const live = await deps.registry.addToken(app.num, record);
  deps.accountant.tick(deps.now());
  deps.accountant.openScope(
    runScope(String(live.id)),
    limits.map((limit, index) => ({ ...limit, id: -1 - index, enforce: 'hard' as const })),
  );
  return live;
}
