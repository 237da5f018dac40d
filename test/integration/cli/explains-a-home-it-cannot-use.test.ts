import { chmod, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';

let commands: CommandHome;
beforeAll(async () => {
  commands = await openCommandHome();
  await commands.json(['app', 'list']);
});
afterAll(() => commands.close());

interface Trouble {
  readonly title: string;
  /** Makes the folder as it should not be. */
  prepare(home: string): Promise<void>;
  readonly code: string;
  readonly message: RegExp;
}

const withLedger = async (home: string, change: (path: string) => Promise<void>): Promise<void> => {
  await mkdir(home, { mode: 0o700 });
  const ledger = join(home, 'ledger.db');
  await writeFile(ledger, await readFile(join(commands.home, 'ledger.db')), { mode: 0o600 });
  await change(ledger);
};

const writeAt = async (path: string, position: number, bytes: Buffer): Promise<void> => {
  const file = await open(path, 'r+');
  await file.write(bytes, 0, bytes.length, position);
  await file.close();
};

/** Where SQLite keeps `user_version`, four bytes, in the header of a file. */
const USER_VERSION_OFFSET = 60;

const TROUBLES: readonly Trouble[] = [
  {
    title: 'a file in its place',
    prepare: (home) => writeFile(home, ''),
    code: 'home_unwritable',
    message: /cannot be written/,
  },
  {
    title: 'a folder that others can write',
    async prepare(home) {
      await mkdir(home);
      await chmod(home, 0o777);
    },
    code: 'home_unsafe',
    message: /can be written by other users/,
  },
  {
    title: 'a ledger of a newer version',
    prepare: (home) =>
      withLedger(home, (path) => writeAt(path, USER_VERSION_OFFSET, Buffer.from([0, 0, 0, 99]))),
    code: 'ledger_newer',
    message: /newer Tollgate \(schema 99/,
  },
  {
    title: 'a ledger that is no database',
    prepare: (home) => withLedger(home, (path) => writeFile(path, 'this is not a database\n')),
    code: 'ledger_damaged',
    message: /it is not an SQLite database/,
  },
  {
    title: 'a ledger with a damaged page',
    prepare: (home) => withLedger(home, (path) => writeAt(path, 4096, Buffer.alloc(8192, 0xff))),
    code: 'ledger_damaged',
    message: /ledger\.db is damaged/,
  },
  {
    title: 'an empty ledger',
    prepare: (home) => withLedger(home, (path) => writeFile(path, '')),
    code: 'ledger_damaged',
    message: /the file is empty/,
  },
];

test.concurrent.each(TROUBLES)('$title: commands, serve and run say so', async (trouble) => {
  const home = join(commands.home, trouble.title.replaceAll(' ', '-'));
  await trouble.prepare(home);
  for (const [line, exit] of [
    ['app list --json', 1],
    ['serve --port 0 --no-dashboard --json', 1],
    ['run --json -- true', 125],
  ] as const) {
    const { code, stdout, stderr } = await commands.run(line.split(' '), { env: { TOLLGATE_HOME: home } });
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: trouble.code,
        message: expect.stringMatching(trouble.message),
        hint: expect.stringMatching(/.{20}/),
      },
    });
    expect([code, stdout]).toEqual([exit, '']);
  }
});

/** The second is a file system that nobody may write, not even root. */
const UNWRITABLE = ['/dev/null/home', ...(process.platform === 'linux' ? ['/sys/tollgate/home'] : [])];

test.each(UNWRITABLE)('a folder that cannot be made is named (%s)', async (home) => {
  const { code, stderr } = await commands.run(['app', 'list'], { env: { TOLLGATE_HOME: home } });
  expect(stderr).toContain(`tollgate: error: The data folder ${home} cannot be written: `);
  expect(code).toBe(1);
});

test('a second engine names the first and leaves it alone', async () => {
  const first = await commands.serve();
  const { code, stderr } = await commands.run(['serve', '--port', '0', '--no-dashboard']);
  expect(stderr).toContain(`(process ${first.pid}, ${first.baseUrl})`);
  expect(code).toBe(1);
  expect(await commands.json(['status'])).toMatchObject({ pid: first.pid, ledgerHealthy: true });
  expect(await first.stop()).toBe(0);
});

test.each(['--port', '--dashboard-port'])('a taken port is named with its owner (%s)', async (flag) => {
  const server = createServer();
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(Object(server.address()).port));
  });
  const { code, stderr } = await commands.run(['serve', '--port', '0', flag, String(port)]);
  server.close();
  const owner =
    process.platform === 'linux' ? ` by ${basename(process.execPath)} (process ${process.pid})` : '';
  expect(stderr).toBe(
    `tollgate: error: Port ${port} on 127.0.0.1 is already in use${owner}.\n` +
      `hint: Stop that program or choose another port with ${flag}.\n`,
  );
  expect(code).toBe(1);
  // What had been opened is closed again: the folder is free for the next command.
  expect(await commands.json(['app', 'list'])).toEqual({ apps: [] });
});

test.each([
  ['http://example.com/v1', /plain http leaves this machine/],
  ['http://127.0.0.1.example.com/v1', /plain http leaves this machine/],
  ['ftp://127.0.0.1/v1', /not an https address/],
  ['https://user:secret@api.openai.com/v1', /a user name or password/],
  ['https://api.openai.com/v1?x=1', /a query or a fragment/],
  ['api.openai.com', /not a URL/],
])('the upstream %s is refused', async (upstream, message) => {
  const { code, stderr } = await commands.run(['serve', '--port', '0', '--upstream', upstream]);
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});
