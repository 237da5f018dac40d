import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CommandHome, openCommandHome } from '../../helpers/command-home.ts';
import { describeWithKeyring, Keyring } from '../../helpers/keyring.ts';
import { CANARY_KEY } from '../../helpers/open-tollgate.ts';

const NEXT_KEY = 'sk-proj-NextNextNextNextNextNext0123456789abcdef';

/** One life of a key in a real Secret Service; each test goes on where the one before has stopped. */
describeWithKeyring('a key in the keychain', () => {
  let keyring: Keyring;
  let commands: CommandHome;
  beforeAll(async () => {
    [keyring, commands] = await Promise.all([Keyring.start(), openCommandHome()]);
  });
  afterAll(async () => {
    await commands.close();
    await keyring.stop();
  });

  const options = (input?: string) => ({
    env: { ...keyring.env, TOLLGATE_KEY_STORE: 'keychain', OPENAI_API_KEY: '' },
    ...(input === undefined ? {} : { input }),
  });
  const run = (line: string, input?: string) => commands.run(line.split(' '), options(input));
  const storedKey = () =>
    keyring.tool(['lookup', 'service', 'tollgate', 'account', 'openai']).then(
      (key) => key,
      () => null,
    );
  const chat = (baseUrl: string, token: string): Promise<Response> =>
    fetch(`${baseUrl}/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-5.4-mini', messages: [{ role: 'user', content: 'Hi' }] }),
    });

  test('key status finds none, and names the Secret Service', async () => {
    const { code, stdout, stderr } = await run('key status');
    expect(stdout).toBe('No key is stored in Secret Service.\n');
    expect(stderr).toContain('tollgate key set');
    expect(code).toBe(1);
  });

  test('key set --stdin stores it, without an engine', async () => {
    const { code, stdout, stderr } = await run('key set --stdin', `"${CANARY_KEY}"\n`);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Stored the key in Secret Service \(fingerprint [0-9a-f]{8}\)\.\n$/);
    expect(await storedKey()).toBe(CANARY_KEY);
    expect((await run('key status')).stdout).toMatch(/^A key is stored in Secret Service \(project key/);
    expect((await run('run --quiet -- true')).code).toBe(0);
  });

  test('serve uses it, key test checks it, rotate replaces it, remove takes it away', async () => {
    const engine = await commands.serve([], options());
    const { token } = await commands.json<{ token: string }>(['app', 'create', 'notebook']);
    expect((await chat(engine.baseUrl, token)).status).toBe(200);
    expect((await run('key test')).stdout).toMatch(/^OpenAI accepts the key\. It sees \d+ models\.\n$/);

    const refused = await run('key rotate --stdin', NEXT_KEY);
    expect(refused.stderr).toContain('OpenAI refused the key (401');
    expect(refused.code).toBe(1);
    expect(await storedKey()).toBe(CANARY_KEY);

    commands.openai.setKey(NEXT_KEY);
    const rotated = await run('key rotate --stdin', NEXT_KEY);
    expect(rotated.stdout).toMatch(/^Replaced the key in Secret Service/);
    expect(rotated.stderr).toContain('revoke the old one at https://platform.openai.com/api-keys');
    expect(rotated.code).toBe(0);
    expect(await storedKey()).toBe(NEXT_KEY);
    expect((await chat(engine.baseUrl, token)).status).toBe(200);

    commands.openai.setKey('sk-proj-another0123456789abcdefghijkl');
    expect((await chat(engine.baseUrl, token)).status).toBe(401);
    const rejected = await run('key status');
    expect(rejected.stdout).toMatch(/^OpenAI rejected the key stored in Secret Service/);
    expect(rejected.stderr).toContain('tollgate key rotate');
    commands.openai.setKey(NEXT_KEY);
    expect((await run('key test')).code).toBe(0);
    expect((await chat(engine.baseUrl, token)).status).toBe(200);

    const removed = await run('key remove');
    expect([removed.code, removed.stdout]).toEqual([0, 'Removed the key.\n']);
    expect(await storedKey()).toBeNull();
    expect((await chat(engine.baseUrl, token)).status).toBe(503);
    expect((await run('key remove --json')).stdout).toBe('{"removed":false}\n');
    expect(await engine.stop()).toBe(0);
  });

  test('a command that is not about the key leaves a locked keychain alone', async () => {
    await run('key set --stdin', NEXT_KEY);
    await keyring.lock();
    expect((await run('app list')).code).toBe(0);
    const status = await run('key status --json');
    expect(JSON.parse(status.stdout)).toMatchObject({
      state: 'unavailable',
      problem: { code: 'keychain_locked' },
    });
    expect(status.code).toBe(1);
    const refused = await run('run -- true');
    expect(refused.stderr).toContain('The keychain is locked.\nhint: Unlock it');
    expect(refused.code).toBe(125);
    expect(keyring.prompted).toBe(false);
  });
});

test('a running engine keeps its key where it was told to', async () => {
  const commands = await openCommandHome();
  await commands.serve();
  for (const line of ['key status', 'key set --stdin', 'key remove']) {
    const { code, stderr } = await commands.run([...line.split(' '), '--key-store', 'file']);
    expect(stderr).toContain('The running engine keeps its key in the env store, not in file.');
    expect(code).toBe(2);
  }
  await commands.close();
});
