import { scanInThread } from '../checks/scan-thread.ts';
import type { DoctorCheck } from '../contract/engine-status.ts';
import { AppError } from '../contract/errors.ts';
import type { KeyStatus } from '../contract/keys.ts';
import { classifyKey, cleanKey } from '../keys/clean-key.ts';
import { fingerprint } from '../keys/fingerprint.ts';
import { anySignal, type ContractServer, translated } from './contract-server.ts';
import type { ControlDeps } from './control-deps.ts';
import type { EventHub } from './event-hub.ts';
import { readAhead } from './instants.ts';
import { fixFinding, securityFindings } from './security-checklist.ts';
import { engineStatus, keyStatus, openHoldViews } from './views.ts';

export function engineHandlers(os: ContractServer, deps: ControlDeps) {
  return {
    status: os.engine.status.handler(() => engineStatus(deps)),
    coverage: os.engine.coverage.handler(() => ({ routes: [...deps.coverage()] })),
    holds: os.engine.holds.handler(() => ({ holds: openHoldViews(deps) })),
    pauseAll: os.engine.pauseAll.handler(async ({ input }) => {
      await deps.pause.pause(input.until === null ? null : readAhead(deps, input.until));
      return engineStatus(deps);
    }),
    resumeAll: os.engine.resumeAll.handler(async () => {
      await deps.pause.resume();
      return engineStatus(deps);
    }),
    doctor: os.engine.doctor.handler(async () => ({ checks: await doctorChecks(deps) })),
  };
}

async function doctorChecks(deps: ControlDeps): Promise<DoctorCheck[]> {
  const status = await engineStatus(deps);
  const { key } = status;
  const keyCheck: DoctorCheck = {
    id: 'key',
    title: 'OpenAI key',
    state: key.state === 'ready' ? 'ok' : key.state === 'missing' ? 'warning' : 'failed',
    detail:
      key.state === 'ready'
        ? `It is in ${key.backend}.`
        : (key.problem?.message ?? `${key.backend}: ${key.state}.`),
    hint:
      key.state === 'ready'
        ? null
        : (key.problem?.hint ??
          (key.state === 'missing'
            ? 'Store one with `tollgate key set`.'
            : 'Store a working one with `tollgate key rotate`.')),
  };
  const ledgerCheck: DoctorCheck = {
    id: 'ledger',
    title: 'Ledger',
    state: status.ledgerHealthy ? 'ok' : 'failed',
    detail: status.ledgerHealthy ? 'It can be written.' : 'It cannot be written: nothing is let through.',
    hint: status.ledgerHealthy ? null : 'Free disk space or mend the data folder; the log has the reason.',
  };
  return [...(await deps.doctor()), ledgerCheck, keyCheck];
}

export function eventHandlers(os: ContractServer, deps: ControlDeps, hub: EventHub) {
  return {
    follow: os.events.follow.handler(({ input, context, signal, lastEventId }) =>
      translated(deps, hub.follow(input.kinds, lastEventId, anySignal(context.signal, signal))),
    ),
  };
}

export function keyHandlers(os: ContractServer, deps: ControlDeps) {
  const changed = (): void => deps.signals.send({ kind: 'engine' });
  return {
    status: os.keys.status.handler(async (): Promise<KeyStatus> => {
      await deps.keys.recover();
      return keyStatus(deps);
    }),
    check: os.keys.check.handler(async ({ input }) => {
      const key = cleanKey(input.key);
      try {
        await deps.keys.recover();
        const verdict = await deps.checkKey(key);
        const mark = fingerprint(key);
        return {
          kind: classifyKey(key),
          fingerprint: mark,
          isCurrent: keyStatus(deps).fingerprint === mark,
          verdict: verdict.kind,
          models: verdict.kind === 'accepted' ? verdict.models : null,
          problem: verdict.kind === 'accepted' ? null : verdict.problem,
        };
      } finally {
        key.fill(0);
      }
    }),
    set: os.keys.set.handler(async ({ input }) => {
      requireWritableStore(deps);
      const key = cleanKey(input.key);
      try {
        if (input.verify) await requireAccepted(deps, key);
        await deps.keys.replace(key);
        await deps.memory.set(
          'key_stored',
          JSON.stringify({ fingerprint: fingerprint(key), atMs: deps.now() }),
        );
      } finally {
        key.fill(0);
      }
      changed();
      return keyStatus(deps);
    }),
    test: os.keys.test.handler(() => testKey(deps)),
    remove: os.keys.remove.handler(async () => {
      requireWritableStore(deps);
      const removed = await deps.keys.remove();
      changed();
      return { removed };
    }),
  };
}

async function testKey(deps: ControlDeps) {
  const authorization = await deps.keys.recover();
  const status = keyStatus(deps);
  if (status.problem) return { ok: false, models: null, message: status.problem.message };
  if (status.state === 'missing') throw new AppError('key_missing');
  if (!authorization.ok && status.state === 'rejected') deps.keys.retryRejected();
  const usable = deps.keys.authorization();
  if (!usable.ok) throw new AppError(usable.code, { problem: usable.problem });
  const key = Buffer.from(usable.value.slice('Bearer '.length), 'latin1');
  const verdict = await deps.checkKey(key);
  key.fill(0);
  if (verdict.kind === 'accepted') {
    return { ok: true, models: verdict.models, message: 'OpenAI accepts the key.' };
  }
  if (verdict.kind === 'refused' && verdict.status === 401) deps.keys.reportRejected(usable.generation);
  const refused = verdict.kind === 'refused';
  return {
    ok: false,
    models: null,
    message: refused
      ? `OpenAI refused the key (${verdict.problem}).`
      : `OpenAI could not be reached (${verdict.problem}).`,
  };
}

function requireWritableStore(deps: ControlDeps): void {
  const { canWrite, kind } = deps.keyStore;
  if (!canWrite) throw new AppError('key_store_read_only', { store: kind });
}

async function requireAccepted(deps: ControlDeps, key: Buffer): Promise<void> {
  const verdict = await deps.checkKey(key);
  if (verdict.kind === 'refused') throw new AppError('key_refused_upstream', { problem: verdict.problem });
  if (verdict.kind === 'unreachable') throw new AppError('key_check_failed', { problem: verdict.problem });
}

export function checklistHandlers(os: ContractServer, deps: ControlDeps) {
  return {
    list: os.checklist.list.handler(async () => ({ findings: await securityFindings(deps) })),
    fix: os.checklist.fix.handler(async ({ input }) => {
      await fixFinding(deps, input.id);
      deps.signals.send({ kind: 'changed', what: 'apps', appId: null });
      return { findings: await securityFindings(deps) };
    }),
    scan: os.checklist.scan.handler(({ input, context, signal }) => {
      const start = { dir: input.dir, home: deps.tools.home };
      return translated(deps, scanInThread(start, anySignal(context.signal, signal)));
    }),
  };
}

export function settingHandlers(os: ContractServer, deps: ControlDeps) {
  const { settings } = deps;
  return {
    get: os.settings.get.handler(() => ({ ...settings.read(), restartNeeded: settings.restartNeeded() })),
    set: os.settings.set.handler(({ input }) => {
      const { zone } = input.engine ?? {};
      if (zone) requireZone(zone);
      const after = settings.write(input);
      deps.signals.send({ kind: 'changed', what: 'settings', appId: null });
      return { ...after, restartNeeded: settings.restartNeeded() };
    }),
  };
}

function requireZone(zone: string): void {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
  } catch (error) {
    throw new AppError('input_invalid', { problem: `"${zone}" is not a time zone` }, { cause: error });
  }
}

export function sessionHandlers(os: ContractServer, deps: ControlDeps) {
  const { sessions } = deps;
  return {
    link: os.sessions.link.handler(({ context }) => {
      if (context.door !== 'local') throw new AppError('door_refused', { what: 'Making a link' });
      const { dashboardUrl } = deps.addresses();
      if (dashboardUrl === null) throw new AppError('dashboard_off');
      const { secret, expiresAtMs } = sessions.createLink();
      return { url: `${dashboardUrl}#link=${secret}`, expiresAt: new Date(expiresAtMs).toISOString() };
    }),
    list: os.sessions.list.handler(({ context }) => ({ sessions: sessions.list(context.sessionId) })),
    revoke: os.sessions.revoke.handler(({ input, context }) => {
      sessions.revoke(input.id, context.sessionId);
      return { sessions: sessions.list(context.sessionId) };
    }),
  };
}
