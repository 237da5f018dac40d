import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { locateHome } from '../../../proxy/home.ts';

/** The longest path of a socket that Linux and macOS both take, with its final zero: 104 bytes. */
const MAX_BYTES = 103;
const inTemp = (text: string): boolean => dirname(dirname(text)) === tmpdir();

test('TOLLGATE_HOME holds everything', () => {
  expect(locateHome({ TOLLGATE_HOME: '/srv/tollgate' })).toEqual({
    dataDir: '/srv/tollgate',
    dbPath: '/srv/tollgate/ledger.db',
    lockPath: '/srv/tollgate/engine.lock',
    enginePath: '/srv/tollgate/engine.json',
    logPath: '/srv/tollgate/logs/engine.log',
    socketPath: '/srv/tollgate/control.sock',
  });
});

test.each([
  ['a relative folder', 'here', resolve('here')],
  ['dots', '/srv/a/../b/./c', '/srv/b/c'],
  ['a slash at the end, which would hide a link', '/srv/tollgate/', '/srv/tollgate'],
  ['slashes in between', '/srv//tollgate', '/srv/tollgate'],
])('%s is one folder with one socket', (_, own, dataDir) => {
  expect(locateHome({ TOLLGATE_HOME: own })).toEqual(locateHome({ TOLLGATE_HOME: dataDir }));
  expect(locateHome({ TOLLGATE_HOME: own }).dataDir).toBe(dataDir);
});

test.each([[{}], [{ TOLLGATE_HOME: '' }], [{ TOLLGATE_HOME: undefined }]])(
  'with %j it is in the folders of the platform',
  (env) => {
    const { dataDir, dbPath, logPath } = locateHome(env);
    expect(dataDir.endsWith('tollgate')).toBe(true);
    expect(dataDir.startsWith(process.env['XDG_DATA_HOME'] ?? homedir())).toBe(true);
    expect(dbPath).toBe(join(dataDir, 'ledger.db'));
    expect(logPath.endsWith(join('engine.log'))).toBe(true);
  },
);

test.skipIf(process.platform === 'win32')('a socket stays inside as long as its path is short enough', () => {
  // '/' + 86 + '/control.sock' is 100 bytes.
  const longest = `/${'h'.repeat(86)}`;
  expect(locateHome({ TOLLGATE_HOME: longest }).socketPath).toBe(`${longest}/control.sock`);
  expect(inTemp(locateHome({ TOLLGATE_HOME: `${longest}h` }).socketPath)).toBe(true);
});

test.skipIf(process.platform === 'win32')('the length of a path is counted in bytes', () => {
  expect(locateHome({ TOLLGATE_HOME: `/${'h'.repeat(50)}` }).socketPath).toContain('/control.sock');
  expect(inTemp(locateHome({ TOLLGATE_HOME: `/${'ü'.repeat(50)}` }).socketPath)).toBe(true);
});

test.skipIf(process.platform === 'win32')(
  'every home has a socket of its own whose path fits, in a folder named after the user',
  () => {
    const name = fc.stringMatching(/^[a-zé]{1,200}$/);
    fc.assert(
      fc.property(name, name, (one, other) => {
        const [first, second] = [one, other].map(
          (folder) => locateHome({ TOLLGATE_HOME: `/${folder}` }).socketPath,
        );
        expect(first === second).toBe(one === other);
        for (const path of [first ?? '', second ?? '']) {
          if (Buffer.byteLength(tmpdir()) < 60)
            expect(Buffer.byteLength(path)).toBeLessThanOrEqual(MAX_BYTES);
          if (inTemp(path)) expect(dirname(path)).toBe(join(tmpdir(), `tollgate-${process.getuid?.()}`));
        }
      }),
    );
  },
);
