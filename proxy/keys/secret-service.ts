import { AppError, problemOf } from '../contract/errors.ts';
import type { DbusCall } from './dbus-call.ts';
import type { DbusValue } from './dbus-reader.ts';
import { DbusCallError, NoSessionBusError, SessionBus, sessionBusSocket } from './session-bus.ts';

/**
 * What the Secret Service (gnome-keyring, KWallet, KeePassXC) says without being asked for a secret.
 *
 * Why this exists. keytar cannot tell "locked" from "absent": libsecret answers null to both. It also
 * raises an unlock prompt on its own as soon as a locked item matches, and its calls run in libuv's
 * thread pool where nothing can cut them off: a service that hangs holds a thread, and the end of the
 * process, for 50 seconds. So before each call of keytar the service is asked over the session socket,
 * with methods that never prompt:
 *   SearchItems   whether an item with keytar's attributes exists, and whether it is locked;
 *   ReadAlias     which collection is the default one, where keytar writes;
 *   Locked        whether that one is locked. Some services (KWallet, KeePassXC) do not list what a
 *                 locked collection holds, so with it locked an empty search proves nothing;
 *   Unlock        only for what is locked: opens what needs no password (a keyring without one counts as
 *                 locked until somebody asks), and for the rest prepares a prompt that nobody raises.
 * Writing and removing a probe item would also find out, but raises the very prompt it is to avoid.
 */
export interface SecretServiceView {
  readonly item: LockState;
  /** Of the default collection; `none` when there is none yet. */
  readonly collection: LockState;
}

export type LockState = 'unlocked' | 'locked' | 'none';

export interface SecretServiceQuestion {
  readonly service: string;
  readonly account: string;
  /** Where the session bus is looked for; keytar itself looks in the environment of the process. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
}

const ROOT = '/org/freedesktop/secrets';
const SERVICE_INTERFACE = 'org.freedesktop.Secret.Service';
const COLLECTION_INTERFACE = 'org.freedesktop.Secret.Collection';

/** @throws AppError `keychain_no_bus`, `keychain_no_service`, `keychain_failed`; or the signal's reason */
export async function askSecretService(question: SecretServiceQuestion): Promise<SecretServiceView> {
  try {
    const bus = await SessionBus.open(sessionBusSocket(question.env), question.signal);
    try {
      const found = await look(bus, question);
      if (found.locked.length === 0) return found.view;
      await bus.call(secrets(ROOT, SERVICE_INTERFACE, 'Unlock', [{ type: 'ao', value: found.locked }]));
      return (await look(bus, question)).view;
    } finally {
      bus.close();
    }
  } catch (error) {
    throw question.signal.aborted ? question.signal.reason : translate(error);
  }
}

interface Found {
  readonly view: SecretServiceView;
  /** The items and collections to be unlocked. */
  readonly locked: readonly string[];
}

async function look(bus: SessionBus, { service, account }: SecretServiceQuestion): Promise<Found> {
  // The attributes keytar's schema makes libsecret search for: fewer would also find strangers' items.
  const attributes = { service, account, 'xdg:schema': 'org.freedesktop.Secret.Generic' };
  const [open, shut] = await bus.call(
    secrets(ROOT, SERVICE_INTERFACE, 'SearchItems', [{ type: 'a{ss}', value: attributes }]),
  );
  const unlockedItems = pathsIn(open);
  const lockedItems = unlockedItems.length > 0 ? [] : pathsIn(shut);
  const collection = await defaultCollection(bus);
  return {
    view: {
      item: unlockedItems.length > 0 ? 'unlocked' : lockedItems.length > 0 ? 'locked' : 'none',
      collection: collection.state,
    },
    locked: collection.state === 'locked' ? [...lockedItems, collection.path] : lockedItems,
  };
}

async function defaultCollection(bus: SessionBus): Promise<{ path: string; state: LockState }> {
  const [path] = await bus.call(
    secrets(ROOT, SERVICE_INTERFACE, 'ReadAlias', [{ type: 's', value: 'default' }]),
  );
  if (typeof path !== 'string' || path === '/') return { path: '/', state: 'none' };
  const [locked] = await bus.call(
    secrets(path, 'org.freedesktop.DBus.Properties', 'Get', [
      { type: 's', value: COLLECTION_INTERFACE },
      { type: 's', value: 'Locked' },
    ]),
  );
  return { path, state: locked === false ? 'unlocked' : 'locked' };
}

function pathsIn(value: DbusValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((path) => typeof path === 'string') : [];
}

function secrets(path: string, face: string, member: string, args: DbusCall['args']): DbusCall {
  return { destination: 'org.freedesktop.secrets', path, interface: face, member, args };
}

function translate(error: unknown): AppError {
  if (error instanceof NoSessionBusError) return new AppError('keychain_no_bus', {}, { cause: error });
  if (error instanceof DbusCallError && isAbsence(error.dbusName)) {
    return new AppError('keychain_no_service', {}, { cause: error });
  }
  return new AppError('keychain_failed', { problem: problemOf(error) }, { cause: error });
}

/** Nobody owns the service's name, and the bus could not start anybody who would. */
function isAbsence(dbusName: string): boolean {
  return /^org\.freedesktop\.DBus\.Error\.(ServiceUnknown|NameHasNoOwner|Spawn\..*)$/.test(dbusName);
}
