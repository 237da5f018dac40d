import { afterAll, beforeAll, expect, test } from 'vitest';
import { ledgerOf, untilIdle } from '../helpers/ledger.ts';
import { openTollgate, type Tollgate } from '../helpers/open-tollgate.ts';
import type { Call, Client } from './client.ts';
import { CLIENTS } from './clients.ts';
import { codexCli } from './codex-cli.ts';

/* An agent's limit is used up after its first step: it must not go on, and must say why. */

let tollgate: Tollgate;
beforeAll(async () => {
  tollgate = await openTollgate();
});
afterAll(() => tollgate.close());

/** A tool of Codex that only looks something up. */
const askForTool: Call = (target) => codexCli.calls.ask(target, { prompt: 'Use the function get_goal' });

const AGENTS: readonly { name: string; client: Client; call: Call | undefined }[] = CLIENTS.map((client) => ({
  name: client.name,
  client,
  call: client === codexCli ? askForTool : client.calls.useTool,
}));

test.concurrent.for(AGENTS)('$name stops at the second step', async ({ name, client, call }, { skip }) => {
  skip(client.unavailable !== null, client.unavailable ?? '');
  if (!call) throw new Error(`${name} has no tools`);
  const token = await tollgate.createApp(name, ['requests=1/total']);
  const failure = await call({ baseUrl: tollgate.baseUrl, token }, {}).then(
    () => null,
    (error: unknown) => client.readFailure(error),
  );
  expect(failure?.message).toContain(`Limit of 1 request in total for app "${name}" would be exceeded`);
  await untilIdle(tollgate);
  const attempts = client.attempts({ status: 429, retry: 'never', isQuota: true });
  const outcomes = (await ledgerOf(tollgate, name)).map(({ outcome }) => outcome);
  expect(outcomes).toEqual(['settled', ...Array(attempts).fill('refused')]);
});
