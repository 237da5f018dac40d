import { tamper } from '../helpers/ledger-files.ts';
import { engineScene, type Prepare, type Situation, standInScene } from './scene.ts';

const withApp: Prepare = async (tollgate, app) => ({ token: await tollgate.createApp(app) });
const ALWAYS = Number.POSITIVE_INFINITY;
const IMPATIENT = { connectMs: 1_000, headersMs: 300, bodyMs: 300 };

/** As on a disk that takes nothing more: what would open a hold fails. */
const NO_MORE_ROWS = `CREATE TRIGGER full BEFORE INSERT ON requests
  BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END`;

export const ENGINE_SITUATIONS: readonly Situation[] = [
  {
    code: 'key_unavailable',
    title: 'no OpenAI key is stored',
    open: engineScene(withApp, {}, async ({ client }) => {
      await client.keys.remove();
    }),
  },
  {
    code: 'key_rejected',
    title: 'OpenAI rejects the key',
    open: engineScene(withApp, {}, async ({ openai }) => {
      openai.setKey('sk-proj-AnotherKeyAnotherKeyAnotherKey0123456789');
    }),
  },
  {
    code: 'ledger_unavailable',
    title: 'the ledger cannot be written',
    open: engineScene(withApp, {}, async ({ dataDir }) => {
      tamper(dataDir, NO_MORE_ROWS);
    }),
  },
  {
    code: 'upstream_unreachable',
    title: 'OpenAI cannot be reached',
    open: engineScene(withApp, { config: { upstream: 'http://127.0.0.1:9/v1' } }),
  },
  {
    code: 'upstream_broken',
    title: 'the answer breaks off before it begins',
    open: engineScene(withApp, {}, async ({ openai }) => {
      openai.faults.add({ times: ALWAYS, fault: { kind: 'reset-before-headers' } });
    }),
  },
  {
    code: 'upstream_timeout',
    title: 'OpenAI does not answer',
    open: engineScene(withApp, { config: { timeouts: IMPATIENT } }, async ({ openai }) => {
      openai.faults.add({ times: ALWAYS, fault: { kind: 'hang-before-headers' } });
    }),
  },
  ...(
    [
      ['overloaded', 'more in flight than the engine holds', { what: 'requests' }],
      ['shutting_down', 'the engine is being stopped', {}],
      ['internal_error', 'a fault of Tollgate itself', {}],
    ] as const
  ).map(
    ([code, title, details]): Situation => ({
      code,
      title,
      isStandIn: true,
      open: standInScene(code, details),
    }),
  ),
];
