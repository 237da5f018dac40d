import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { askSecretService, type SecretServiceView } from '../../../proxy/keys/secret-service.ts';
import { sessionBusSocket } from '../../../proxy/keys/session-bus.ts';
import { type BusScript, pad, paths, type Reply, startFakeBus, string, uint32 } from './fake-bus.ts';
import { temporaryFolder } from './temporary-folder.ts';

function items(unlocked: readonly string[], locked: readonly string[]): Reply {
  return { signature: 'aoao', body: Buffer.concat([pad(paths(...unlocked), 4), paths(...locked)]) };
}

const collection = (path: string): Reply => ({ signature: 'o', body: string(path) });
const isLocked = (locked: boolean): Reply => ({
  signature: 'v',
  body: Buffer.concat([Buffer.from([1, 0x62, 0, 0]), uint32(locked ? 1 : 0)]),
});

/** To Unlock: nothing was unlocked, there is a prompt. */
const wantsPrompt: Reply = { signature: 'aoo', body: Buffer.concat([paths(), string('/p/1')]) };

const EMPTY: BusScript = {
  SearchItems: items([], []),
  ReadAlias: collection('/c/login'),
  Get: isLocked(false),
  Unlock: wantsPrompt,
};

function ask(env: Readonly<Record<string, string>>, timeoutMs = 15_000): Promise<SecretServiceView> {
  const signal = AbortSignal.timeout(timeoutMs);
  return askSecretService({ service: 'tollgate', account: 'openai', env, signal });
}

test.each([
  ['an unlocked item', { SearchItems: items(['/i/1'], []) }, 'unlocked', 'unlocked'],
  ['a locked item', { SearchItems: items([], ['/i/1', '/i/2']), Get: isLocked(true) }, 'locked', 'locked'],
  ['both', { SearchItems: items(['/i/1'], ['/i/2']) }, 'unlocked', 'unlocked'],
  ['no item', {}, 'none', 'unlocked'],
  ['no item it would show', { Get: isLocked(true) }, 'none', 'locked'],
  ['no default collection', { ReadAlias: collection('/') }, 'none', 'none'],
])('sees %s', async (_, script, item, state) => {
  for (const options of [{}, { slowly: true }]) {
    const bus = await startFakeBus({ ...EMPTY, ...script }, options);
    expect(await ask(bus.env)).toEqual({ item, collection: state });
  }
});

test('opens what is locked without a password, in one more look', async () => {
  const bus = await startFakeBus({
    ...EMPTY,
    SearchItems: [items([], ['/i/1']), items(['/i/1'], [])],
    Get: [isLocked(true), isLocked(false)],
  });
  expect(await ask(bus.env)).toEqual({ item: 'unlocked', collection: 'unlocked' });
  const look = ['SearchItems', 'ReadAlias', 'Get'];
  expect(bus.asked).toEqual(['Hello', ...look, 'Unlock', ...look]);
});

test('asks only what cannot prompt, and hangs up', async () => {
  const bus = await startFakeBus(EMPTY);
  await ask(bus.env);
  expect(bus.asked).toEqual(['Hello', 'SearchItems', 'ReadAlias', 'Get']);
  await expect.poll(bus.connections).toBe(0);
});

test.each([
  ['org.freedesktop.DBus.Error.ServiceUnknown', 'keychain_no_service'],
  ['org.freedesktop.DBus.Error.NameHasNoOwner', 'keychain_no_service'],
  ['org.freedesktop.DBus.Error.Spawn.ChildExited', 'keychain_no_service'],
  ['org.freedesktop.DBus.Error.Spawn.ServiceNotFound', 'keychain_no_service'],
  ['org.freedesktop.DBus.Error.NoReply', 'keychain_failed'],
  ['org.freedesktop.DBus.Error.AccessDenied', 'keychain_failed'],
  ['org.example.Whatever', 'keychain_failed'],
])('translates %s to %s', async (error, code) => {
  for (const member of ['SearchItems', 'ReadAlias', 'Get']) {
    const bus = await startFakeBus({ ...EMPTY, [member]: { error } });
    await expect(ask(bus.env)).rejects.toMatchObject({ code });
  }
});

test.each([
  ['turns this user away', { greeting: 'REJECTED EXTERNAL\r\n' }, 'keychain_no_bus'],
  ['greets without end', { greeting: 'x'.repeat(10_000) }, 'keychain_failed'],
  ['talks nonsense', { raw: Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n') }, 'keychain_failed'],
])('fails when the bus %s', async (_, options, code) => {
  const bus = await startFakeBus(EMPTY, options);
  await expect(ask(bus.env)).rejects.toMatchObject({ code });
  await expect.poll(bus.connections).toBe(0);
});

test('fails when the bus hangs up at once', async () => {
  const path = join(await temporaryFolder(), 'bus');
  const server = createServer((socket) => socket.destroy());
  onTestFinished(() => void server.close());
  await once(server.listen(path), 'listening');
  const env = { DBUS_SESSION_BUS_ADDRESS: `unix:path=${path}` };
  await expect(ask(env)).rejects.toMatchObject({ code: 'keychain_no_bus' });
});

test.each(['Hello', 'SearchItems', 'ReadAlias', 'Get'])(
  'stops waiting for an answer to %s when the signal aborts, and hangs up',
  async (member) => {
    const bus = await startFakeBus(
      { ...EMPTY, [member]: null },
      member === 'Hello' ? { raw: Buffer.alloc(0) } : {},
    );
    const reason = new Error('late');
    const abort = new AbortController();
    const { signal } = abort;
    const asking = askSecretService({ service: 'tollgate', account: 'openai', env: bus.env, signal });
    await expect.poll(() => bus.asked.at(-1)).toBe(member);
    abort.abort(reason);
    await expect(asking).rejects.toBe(reason);
    await expect.poll(bus.connections).toBe(0);
  },
);

test('does not even connect once the signal aborted', async () => {
  const bus = await startFakeBus(EMPTY);
  const signal = AbortSignal.abort(new Error('late'));
  await expect(
    askSecretService({ service: 'tollgate', account: 'openai', env: bus.env, signal }),
  ).rejects.toThrow();
  expect(bus.asked).toEqual([]);
});

test.each([
  [{ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/user/1000/bus' }, '/run/user/1000/bus'],
  [{ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/tmp/a%20b%2cc,guid=0123' }, '/tmp/a b,c'],
  [{ DBUS_SESSION_BUS_ADDRESS: 'unix:guid=0123,abstract=/tmp/dbus-x' }, '\0/tmp/dbus-x'],
  [{ DBUS_SESSION_BUS_ADDRESS: 'tcp:host=localhost,port=1;unix:path=/b' }, '/b'],
  [{ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/a', XDG_RUNTIME_DIR: '/run/user/1' }, '/a'],
  [{ DBUS_SESSION_BUS_ADDRESS: '', XDG_RUNTIME_DIR: '/run/user/1' }, '/run/user/1/bus'],
  [{ XDG_RUNTIME_DIR: '/run/user/1' }, '/run/user/1/bus'],
])('finds the bus of %j', (env, path) => {
  expect(sessionBusSocket(env)).toBe(path);
});

test.each([
  {},
  { XDG_RUNTIME_DIR: 'relative' },
  { DBUS_SESSION_BUS_ADDRESS: 'autolaunch:' },
  { DBUS_SESSION_BUS_ADDRESS: 'disabled:' },
  { DBUS_SESSION_BUS_ADDRESS: 'tcp:host=localhost,port=1' },
  { DBUS_SESSION_BUS_ADDRESS: 'unix:path=' },
  { DBUS_SESSION_BUS_ADDRESS: 'nonsense' },
  { DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent/bus' },
])('has no bus with %j', async (env) => {
  await expect(ask(env as Record<string, string>)).rejects.toMatchObject({ code: 'keychain_no_bus' });
});
