import type { Finding } from '../contract/checklist.ts';
import { AppError } from '../contract/errors.ts';
import { formatUsd } from '../contract/money.ts';
import type { App } from '../ledger/registry.ts';
import { changeApp, revokeToken, tokenViews } from './app-commands.ts';
import type { ControlDeps } from './control-deps.ts';
import { nowOf } from './instants.ts';
import { keyStatus } from './views.ts';

const DAY_MS = 86_400_000;
/** A token that nobody has used for so long is most likely forgotten. */
const UNUSED_DAYS = 90;
/** A key that is older should be replaced. */
const KEY_AGE_DAYS = 180;
/** What one click gives an app without a cap. */
const FIRST_CAP_NANO_USD = 5_000_000_000;
const OPENAI_LIMITS = 'https://platform.openai.com/settings/organization/limits';
const OPENAI_KEYS = 'https://platform.openai.com/api-keys';

/** What only the user can have done, by the id of its finding. */
const CONFIRMABLE = ['openai-limit', 'old-keys-gone'] as const;
type Confirmable = (typeof CONFIRMABLE)[number];

const RANK = { open: 0, unknown: 1, confirmed: 2, ok: 3 } as const;
const SEVERITY = { high: 0, medium: 1, low: 2 } as const;

/** The open points first, the gravest of them on top. */
export async function securityFindings(deps: ControlDeps): Promise<Finding[]> {
  await deps.keys.recover();
  const findings = [
    ...keyFindings(deps),
    ...capFindings(deps),
    ...tokenFindings(deps),
    ...exposureFindings(deps),
    ...confirmFindings(deps),
  ];
  return findings.sort(
    (a, b) => RANK[a.state] - RANK[b.state] || SEVERITY[a.severity] - SEVERITY[b.severity],
  );
}

/** @throws AppError `finding_unknown` */
export async function fixFinding(deps: ControlDeps, id: string): Promise<void> {
  const finding = (await securityFindings(deps)).find((each) => each.id === id);
  if (!finding?.fix) throw new AppError('finding_unknown', { id: id.slice(0, 100) });
  const [check = '', subject = '', token = ''] = id.split(':');
  const confirmable = CONFIRMABLE.find((each) => each === check);
  if (confirmable) return confirm(deps, confirmable, finding.state !== 'confirmed');
  const app = deps.registry.apps.find((each) => each.id === subject);
  if (!app) throw new AppError('finding_unknown', { id: id.slice(0, 100) });
  switch (check) {
    case 'no-cap':
      await changeApp(deps, app, {
        setLimits: [{ metric: 'usd', amount: FIRST_CAP_NANO_USD, window: 'day', enforce: 'hard' }],
      });
      break;
    case 'observe':
      await changeApp(deps, app, { mode: 'enforce' });
      break;
    case 'unknown-routes':
      await changeApp(deps, app, {
        policy: { allow: app.policy.allow.filter((optIn) => optIn !== 'unknown-routes') },
      });
      break;
    case 'unused-token':
      await revokeToken(deps, app, Number(token));
      break;
    default:
      throw new AppError('finding_unknown', { id: id.slice(0, 100) });
  }
}

function point(
  id: string,
  severity: Finding['severity'],
  isOk: boolean,
  title: string,
  detail: string,
  more: Partial<Pick<Finding, 'appId' | 'fix' | 'link' | 'state'>> = {},
): Finding {
  return {
    id,
    severity,
    state: isOk ? 'ok' : 'open',
    title,
    detail,
    appId: null,
    fix: null,
    link: null,
    ...more,
  };
}

function keyFindings(deps: ControlDeps): Finding[] {
  const key = keyStatus(deps);
  const isKeychain = key.store === 'keychain';
  const store = point(
    'key-store',
    'medium',
    isKeychain,
    isKeychain ? 'The key is in the keychain of the system' : 'The key is not in a keychain',
    isKeychain
      ? `${key.backend} keeps it; no file holds it.`
      : `It comes from: ${key.backend}. Where there is a keychain, start the engine without --key-store.`,
  );
  if (key.state !== 'ready') return [store];
  const ageDays = key.storedAt === null ? null : (nowOf(deps) - Date.parse(key.storedAt)) / DAY_MS;
  const isFresh = ageDays !== null && ageDays < KEY_AGE_DAYS;
  const age = point(
    'key-age',
    'low',
    isFresh,
    isFresh ? 'The key is not old' : 'The key may be old',
    ageDays === null
      ? 'Nobody has noted when it was stored.'
      : `It was stored ${Math.floor(ageDays)} days ago.`,
    {
      link: { label: 'Make a new one at OpenAI', url: OPENAI_KEYS },
      ...(ageDays === null ? { state: 'unknown' } : {}),
    },
  );
  return [store, age];
}

function capFindings(deps: ControlDeps): Finding[] {
  const { registry } = deps;
  const hasCap = (limits: App['limits']): boolean =>
    limits.some(({ metric, enforce }) => metric === 'usd' && enforce === 'hard');
  const keyIsCapped = hasCap(registry.keyLimits);
  const findings = [
    point(
      'key-cap',
      'high',
      keyIsCapped,
      keyIsCapped ? 'Everything together has a cap' : 'Nothing caps everything together',
      keyIsCapped
        ? 'A limit of dollars holds for the whole key.'
        : 'A limit of dollars on the whole key holds whatever the apps are allowed.',
    ),
  ];
  for (const app of registry.apps) {
    const { id, name } = app;
    if (!hasCap(app.limits)) {
      findings.push(
        point(
          `no-cap:${id}`,
          'medium',
          false,
          `${name} has no limit of dollars`,
          'Only the limits of the whole key stop it.',
          {
            appId: id,
            fix: { label: `Set ${formatUsd(FIRST_CAP_NANO_USD)} a day`, kind: 'change' },
          },
        ),
      );
    }
    if (app.mode === 'observe') {
      findings.push(
        point(
          `observe:${id}`,
          'medium',
          false,
          `${name} is only observed`,
          'Its own limits refuse nothing.',
          {
            appId: id,
            fix: { label: 'Enforce its limits', kind: 'change' },
          },
        ),
      );
    }
    if (app.policy.allow.includes('unknown-routes')) {
      findings.push(
        point(
          `unknown-routes:${id}`,
          'high',
          false,
          `${name} may use unknown routes`,
          'What they cost is not known.',
          {
            appId: id,
            fix: { label: 'Allow them no more', kind: 'change' },
          },
        ),
      );
    }
  }
  return findings;
}

function tokenFindings(deps: ControlDeps): Finding[] {
  const nowMs = nowOf(deps);
  const old = deps.registry.apps.flatMap((app) =>
    tokenViews(deps, app)
      .filter(({ kind, createdAt, lastUsedAt }) => {
        const usedMs = Date.parse(lastUsedAt ?? createdAt);
        return kind === 'app' && nowMs - usedMs > UNUSED_DAYS * DAY_MS;
      })
      .map((token) => ({ app, token })),
  );
  if (old.length === 0) {
    return [
      point(
        'unused-tokens',
        'low',
        true,
        'No token lies about unused',
        `All were used within ${UNUSED_DAYS} days.`,
      ),
    ];
  }
  return old.map(({ app, token }) =>
    point(
      `unused-token:${app.id}:${token.id}`,
      'low',
      false,
      `A token of ${app.name} is not used`,
      `${token.label === null ? 'It' : `"${token.label}"`} was last used ${token.lastUsedAt?.slice(0, 10) ?? 'never'}.`,
      { appId: app.id, fix: { label: 'Revoke it', kind: 'change' } },
    ),
  );
}

function exposureFindings(deps: ControlDeps): Finding[] {
  const { host, checksPeers, extraHosts } = deps.exposure();
  const isLocal = host === null || /^(127\.|localhost$|::1$)/.test(host);
  const isClosed = isLocal && extraHosts.every((name) => /^(127\.|localhost$|\[::1\]$)/.test(name));
  return [
    point(
      'address',
      'high',
      isClosed,
      isClosed ? 'Only this machine can reach the proxy' : 'Other machines can reach the proxy',
      isClosed
        ? 'It listens on loopback and answers to its own names.'
        : `It listens on ${host}; only app tokens protect it, over plain HTTP. Leave out --host and --allow-host.`,
    ),
    point(
      'peers',
      'medium',
      checksPeers,
      checksPeers
        ? 'Other users of this machine are refused'
        : 'Other users of this machine are not told apart',
      checksPeers
        ? 'The system says whose connection it is.'
        : 'With an app token they can connect. Leave out --no-peer-check; on macOS and Windows the token alone decides.',
    ),
  ];
}

function confirmFindings(deps: ControlDeps): Finding[] {
  const confirmed = confirmedOf(deps);
  const make = (
    id: Confirmable,
    severity: Finding['severity'],
    title: string,
    detail: string,
    url: string,
  ): Finding => {
    const isConfirmed = confirmed.includes(id);
    return point(id, severity, false, title, detail, {
      state: isConfirmed ? 'confirmed' : 'open',
      fix: isConfirmed
        ? { label: 'Not any more', kind: 'unconfirm' }
        : { label: 'I did it', kind: 'confirm' },
      link: { label: 'Open it at OpenAI', url },
    });
  };
  return [
    make(
      'openai-limit',
      'medium',
      'The project at OpenAI has a limit of its own',
      'It holds for the key wherever it is used, also without Tollgate.',
      OPENAI_LIMITS,
    ),
    make(
      'old-keys-gone',
      'medium',
      'Keys that programs used before are revoked',
      'A key in a file goes around every cap. The scan finds those in files.',
      OPENAI_KEYS,
    ),
  ];
}

function confirmedOf(deps: ControlDeps): string[] {
  const stored = deps.memory.get('checklist_confirmed');
  return stored ? (JSON.parse(stored) as string[]) : [];
}

async function confirm(deps: ControlDeps, id: Confirmable, isDone: boolean): Promise<void> {
  const others = confirmedOf(deps).filter((each) => each !== id);
  await deps.memory.set('checklist_confirmed', JSON.stringify(isDone ? [...others, id] : others));
}
