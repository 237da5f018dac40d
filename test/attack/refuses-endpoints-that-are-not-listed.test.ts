import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectRefused, openTarget, type Target } from '../helpers/expect-untouched.ts';

let target: Target;
beforeAll(async () => {
  target = await openTarget();
});
afterAll(() => target.close());

const ALWAYS_REFUSED = [
  'GET /v1/organization/api_keys',
  'POST /v1/organization/admin_api_keys',
  'GET /v1/organization/costs',
  'GET /v1/organization',
  'POST /v1/projects/proj_1/api_keys',
  'POST /v1/realtime/client_secrets',
  'POST /v1/realtime/sessions',
  'POST /v1/realtime/transcription_sessions',
  'POST /v1/realtime/translations/client_secrets',
  'POST /v1/realtime/calls',
  'POST /v1/realtime/calls/rtc_1/accept',
  'POST /v1/chatkit/sessions',
  'POST /v1/fine_tuning/jobs',
  'GET /v1/fine_tuning/jobs/ftjob-1/events',
  'POST /v1/evals',
  'POST /v1/videos',
  'POST /v1/webhook_endpoints',
  'POST /v1/assistants',
  'POST /v1/threads/runs',
  'DELETE /v1/models/ft:gpt-4o:acme::1',
  'POST /v1/agents/sessions',
  'POST /v1/vaults',
  'POST /v1/live/sessions',
];

const OPT_IN = [
  'POST /v1/batches',
  'GET /v1/batches/batch_1',
  'POST /v1/files',
  'GET /v1/files',
  'GET /v1/files/file-1/content',
  'DELETE /v1/files/file-1',
  'POST /v1/uploads',
  'POST /v1/vector_stores',
  'POST /v1/containers',
  'POST /v1/vector_stores/vs_1/search',
  'GET /v1/containers/cntr_1/files/cfile_1/content',
  'POST /v1/audio/voices',
  'POST /v1/content_provenance_checks',
  'GET /v1/skills',
];

const OF_NOBODY = [
  'GET /v1/conversations/conv_1',
  'POST /v1/conversations/conv_1/items',
  'GET /v1/responses/resp_1',
  'DELETE /v1/responses/resp_1',
  'POST /v1/responses/resp_1/cancel',
  'GET /v1/chat/completions/chatcmpl-1',
  'GET /v1/chat/completions/chatcmpl-1/messages',
];

const UNKNOWN = [
  'POST /v1/unknown',
  'GET /v1/dashboard/billing/usage',
  'GET /v1/engines',
  'POST /v1/engines/davinci/completions',
  'POST /v1/edits',
  'POST /v1/models/gpt-5.4-mini/copy',
  'POST /v1/organizations',
  'POST /v1/organization_api_keys',
  'GET /__bill',
  'POST /__key',
  'GET /v1/__bill',
  'GET /metrics',
  'GET /health',
  'GET /healthz/',
  'GET /favicon.ico',
];

test.each(ALWAYS_REFUSED)('A06 %s is refused for every app, with the reason', async (row) => {
  const answer = await expectRefused(target, () => send(row), { status: 403, code: 'endpoint_refused' });
  expect(JSON.parse(answer.body).error.message).toMatch(/ is refused: \w+/);
});

test.each(OPT_IN)('A06 %s is refused for an app without an opt-in, with the reason', async (row) => {
  const answer = await expectRefused(target, () => send(row), { status: 403, code: 'endpoint_not_allowed' });
  expect(JSON.parse(answer.body).error.message).toMatch(/ is not allowed for this app: \w+/);
});

test.each(OF_NOBODY)('A06 T9 %s is answered as if there was nothing', async (row) => {
  await expectRefused(target, () => send(row), { status: 404, code: 'object_unknown' });
});

test.each(['GET /v1/realtime', 'GET /v1/realtime?model=gpt-realtime'])(
  'A06 %s needs a socket',
  async (row) => {
    await expectRefused(target, () => send(row), { status: 426, code: 'upgrade_required' });
  },
);

test.each(UNKNOWN)('A06 %s is unknown', async (row) => {
  await expectRefused(target, () => send(row), { status: [404, 405] });
});

test('A06 an app that opted into everything gets nothing that is always refused', async () => {
  const token = await target.tollgate.createApp('open', ['usd=5/day'], {
    allow: ['files', 'vector-stores', 'batches', 'containers', 'assistants', 'foreign-ids', 'unknown-routes'],
  });
  for (const row of ALWAYS_REFUSED) {
    await expectRefused(target, () => send(row, token), { status: 403, code: 'endpoint_refused' });
  }
});

test('A06 a stranger is told nothing about which endpoints exist', async () => {
  const bodies = new Set<string>();
  for (const row of [
    'POST /v1/organization/api_keys',
    'POST /v1/batches',
    'POST /v1/unknown',
    'GET /v1/models',
  ]) {
    const answer = await expectRefused(target, () => send(row, 'tg_unknown'), { status: 401 });
    bodies.add(answer.body);
  }
  expect(bodies.size).toBe(1);
});

function send(row: string, token = target.token) {
  const [method = '', path = ''] = row.split(' ');
  const headers = [`Authorization: Bearer ${token}`, 'Content-Type: application/json'];
  return target.send({ method, target: path, headers, ...(method === 'POST' ? { body: '{}' } : {}) });
}
