import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ObjectKind } from '../../proxy/contract/object-kinds.ts';
import { openTestSocket } from '../helpers/test-socket.ts';
import { type Asked, MODEL, type Owners, openOwners } from './owners-of-objects.ts';

/*
 * One app makes an object of every kind. Another one, which is allowed whatever an app can be allowed,
 * names them in every member of a body that OpenAI would look up.
 */
let apps: Owners;
beforeAll(async () => {
  apps = await openOwners();
});
afterAll(() => apps.tollgate.close());

type Refer = (id: string) => object;
const response =
  (refer: Refer): Refer =>
  (id) => ({ model: MODEL, input: 'x', ...refer(id) });
const content = (part: object): object => ({ input: [{ role: 'user', content: [part] }] });
const tool = (type: string, more: object): object => ({ tools: [{ type, ...more }] });
const chat =
  (message: (id: string) => object): Refer =>
  (id) => ({ model: 'gpt-audio', messages: [message(id)] });

/** Where a body can name an object: the route, the kind, the member. `{mine}` is the thief's own. */
const REFERENCES: readonly (readonly [path: string, kind: ObjectKind, where: string, refer: Refer])[] = [
  ...['/responses', '/responses/compact', '/responses/input_tokens'].flatMap((path) => [
    [path, 'response', 'previous_response_id', response((id) => ({ previous_response_id: id }))] as const,
    [
      path,
      'item',
      'an item reference',
      response((id) => ({ input: [{ type: 'item_reference', id }] })),
    ] as const,
  ]),
  ...['/responses', '/responses/input_tokens'].flatMap((path) => [
    [path, 'conversation', 'conversation', response((id) => ({ conversation: id }))] as const,
    [path, 'conversation', 'conversation.id', response((id) => ({ conversation: { id } }))] as const,
  ]),
  ['/responses', 'item', 'an item that is only an id', response((id) => ({ input: [{ id }] }))],
  ['/responses', 'file', 'a file', response((id) => content({ type: 'input_file', file_id: id }))],
  ['/responses', 'file', 'a picture', response((id) => content({ type: 'input_image', file_id: id }))],
  [
    '/responses',
    'file',
    'a file in the output of a function',
    response((id) => ({
      input: [{ type: 'function_call_output', call_id: 'c', output: [{ type: 'input_file', file_id: id }] }],
    })),
  ],
  [
    '/responses',
    'vector-store',
    'file search',
    response((id) => tool('file_search', { vector_store_ids: [id] })),
  ],
  [
    '/responses',
    'container',
    'code interpreter',
    response((id) => tool('code_interpreter', { container: id })),
  ],
  [
    '/responses',
    'file',
    'files of a new container',
    response((id) => tool('code_interpreter', { container: { type: 'auto', file_ids: [id] } })),
  ],
  [
    '/responses',
    'container',
    'a shell',
    response((id) => tool('shell', { environment: { type: 'container_reference', container_id: id } })),
  ],
  [
    '/responses',
    'file',
    'a mask',
    response((id) => tool('image_generation', { input_image_mask: { file_id: id } })),
  ],
  ['/responses', 'response', 'a stored prompt', response((id) => ({ prompt: { id } }))],
  [
    '/responses',
    'file',
    'a variable of a stored prompt',
    response((id) => ({ prompt: { id: 'pmpt_1', variables: { a: { type: 'input_file', file_id: id } } } })),
  ],
  [
    '/decisions',
    'file',
    'a file',
    (id) => ({ model: MODEL, ...content({ type: 'input_file', file_id: id }), questions: [] }),
  ],
  [
    '/chat/completions',
    'file',
    'a file',
    chat((id) => ({ role: 'user', content: [{ type: 'file', file: { file_id: id } }] })),
  ],
  ['/chat/completions', 'item', 'what was said', chat((id) => ({ role: 'assistant', audio: { id } }))],
  [
    '/conversations',
    'file',
    'a file',
    (id) => ({ items: [{ role: 'user', content: [{ type: 'input_file', file_id: id }] }] }),
  ],
  ['/conversations', 'item', 'an item reference', (id) => ({ items: [{ type: 'item_reference', id }] })],
  [
    '/conversations/{conversation}/items',
    'item',
    'an item reference',
    (id) => ({ items: [{ type: 'item_reference', id }] }),
  ],
  [
    '/batches',
    'file',
    'its lines',
    (id) => ({ input_file_id: id, endpoint: '/v1/responses', completion_window: '24h' }),
  ],
  ['/uploads/{upload}/complete', 'part', 'its parts', (id) => ({ part_ids: [id] })],
  ['/vector_stores', 'file', 'its files', (id) => ({ file_ids: [id] })],
  ['/vector_stores/{vector-store}/files', 'file', 'a file', (id) => ({ file_id: id })],
  ['/vector_stores/{vector-store}/file_batches', 'file', 'files', (id) => ({ file_ids: [id] })],
  [
    '/vector_stores/{vector-store}/file_batches',
    'file',
    'files with attributes',
    (id) => ({ files: [{ file_id: id }] }),
  ],
  ['/containers', 'file', 'its files', (id) => ({ name: 'box', file_ids: [id] })],
  ['/containers/{container}/files', 'file', 'a file', (id) => ({ file_id: id })],
  [
    '/images/edits',
    'file',
    'a picture',
    (id) => ({ model: 'gpt-image-2', prompt: 'x', images: [{ file_id: id }] }),
  ],
  [
    '/images/edits',
    'file',
    'a mask',
    (id) => ({ model: 'gpt-image-2', prompt: 'x', image: 'data:,', mask: { file_id: id } }),
  ],
  ['/audio/speech', 'item', 'a voice', (id) => ({ model: 'gpt-4o-mini-tts', input: 'x', voice: { id } })],
];

test.each(REFERENCES)('T9 POST %s with the %s of another app as %s', async (path, kind, _where, refer) => {
  const filled = path.replace(/\{([\w-]+)\}/, (_all, name: ObjectKind) => apps.mine[name]);
  const asked = (id: string): Asked => ({ method: 'POST', path: filled, json: refer(id) });
  const before = apps.tollgate.openai.received.length;
  const answer = await apps.ask(apps.thief, asked(apps.theirs[kind]));
  expect([answer.status, answer.headers.get('x-tollgate-error')]).toEqual([404, 'object_unknown']);
  expect(apps.tollgate.openai.received.length).toBe(before);
  // Its own passes the same place: what was refused is whose it is, and not the way it was said.
  const own = await apps.ask(apps.thief, asked(apps.mine[kind]));
  await own.arrayBuffer();
  expect(own.headers.get('x-tollgate-error')).not.toBe('object_unknown');
});

const realtime = (more: object): object => ({ type: 'realtime', ...more });
test.each<[string, (id: string) => object]>([
  [
    'a voice of the session',
    (id) => ({ type: 'session.update', session: realtime({ audio: { output: { voice: { id } } } }) }),
  ],
  [
    'a voice of a response',
    (id) => ({ type: 'response.create', response: { audio: { output: { voice: { id } } } } }),
  ],
  [
    'a picture',
    (file_id) => ({
      type: 'conversation.item.create',
      item: { type: 'message', role: 'user', content: [{ type: 'input_image', file_id }] },
    }),
  ],
])('T9 %s of another app in a realtime session is refused', async (_where, refer) => {
  const socket = await openTestSocket(apps.tollgate.baseUrl, '/realtime?model=gpt-realtime-2', {
    headers: { authorization: `Bearer ${apps.thief}` },
  });
  await socket.next('session.created');
  socket.send(refer(apps.theirs.file));
  expect((await socket.next('error')).error).toMatchObject({ code: 'object_unknown' });
  const sent = apps.tollgate.openai.receivedFrames.filter(({ text }) => text.includes(apps.theirs.file));
  expect(sent).toEqual([]);
});

test('T9 what the lines of a batch name is looked at when the file is uploaded', async () => {
  const line = JSON.stringify({
    custom_id: 'a',
    method: 'POST',
    url: '/v1/responses',
    body: { model: MODEL, input: 'x', previous_response_id: apps.theirs.response },
  });
  const before = apps.tollgate.openai.received.length;
  const form = [
    ['purpose', 'batch'],
    ['file', 'a.jsonl', Buffer.from(line)],
  ] as const;
  const answer = await apps.ask(apps.thief, { method: 'POST', path: '/files', form });
  expect(answer.headers.get('x-tollgate-error')).toBe('object_unknown');
  expect(apps.tollgate.openai.received.length).toBe(before);
});
