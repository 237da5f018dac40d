import { toFile } from 'openai';
import { expect, it } from 'vitest';
import { demoPrices } from '../../../proxy/demo/demo-prices.ts';
import { createModelCatalog, type Model } from '../../../proxy/demo/model-catalog.ts';
import { picturePng } from '../../../proxy/demo/picture.ts';
import { isTranscriber } from '../../../proxy/demo/realtime-session.ts';
import { pcmTone } from '../../../proxy/demo/sound.ts';
import { until } from '../../helpers/until.ts';
import { respond, say } from './realtime-fixture.ts';
import { openSimulation } from './simulation-fixture.ts';
import { openSocket } from './socket-fixture.ts';

const catalog = createModelCatalog(demoPrices);
const namesOf = (fits: (model: Model) => boolean): string[] =>
  demoPrices.models
    .map(({ model }) => model)
    .filter((name) => {
      const model = catalog.find(name);
      return model !== null && fits(model);
    });

const TALKERS = namesOf(({ kind, row }) => kind === 'realtime' && row.rates.input !== undefined);
const WRITERS = namesOf(isTranscriber);
const CHATTERS = namesOf(({ kind }) => kind === 'chat');

it.each(TALKERS)('talks as %s, with sound and pictures', async (model) => {
  const { baseUrl, bill } = await openSimulation({ prices: demoPrices });
  const socket = await openSocket(baseUrl, `/realtime?model=${model}`);
  const image_url = `data:image/png;base64,${picturePng(1).toString('base64')}`;
  const content = [
    { type: 'input_image', image_url },
    { type: 'input_audio', audio: pcmTone(48_000).toString('base64') },
  ];
  socket.send({ ...say(''), item: { type: 'message', role: 'user', content } });
  for (let turn = 0; turn < 2; turn++) await respond(socket, { max_output_tokens: 90 });
  expect(bill.rows.map((each) => each.model)).toEqual([model, model]);
  expect(bill.rows.every((each) => each.costNanoUsd > 0)).toBe(true);
});

it.each(WRITERS)('writes down what it hears as %s', async (model) => {
  const { baseUrl, bill } = await openSimulation({ prices: demoPrices });
  const socket = await openSocket(baseUrl, `/realtime?intent=transcription&model=${model}`);
  socket.send({ type: 'input_audio_buffer.append', audio: pcmTone(48_000).toString('base64') });
  socket.send({ type: 'input_audio_buffer.commit' });
  await socket.next('conversation.item.input_audio_transcription.completed');
  expect(bill.rows).toMatchObject([{ model: catalog.find(model)?.answersAs }]);
  expect(bill.totalNanoUsd()).toBeGreaterThan(0);
});

it('answers one batch as all that chat', async () => {
  const { client, bill } = await openSimulation({ prices: demoPrices });
  const lines = CHATTERS.map((model) => ({
    custom_id: model,
    method: 'POST',
    url: '/v1/responses',
    body: { model, input: 'hi', max_output_tokens: 16 },
  }));
  const file = await toFile(Buffer.from(lines.map((each) => JSON.stringify(each)).join('\n')), 'a.jsonl');
  const { id } = await client.files.create({ file, purpose: 'batch' });
  const batch = await client.batches.create({
    input_file_id: id,
    endpoint: '/v1/responses',
    completion_window: '24h',
  });
  await until(() => bill.rows.length > 0);
  expect(await client.batches.retrieve(batch.id)).toMatchObject({
    status: 'completed',
    request_counts: { total: CHATTERS.length, completed: CHATTERS.length, failed: 0 },
  });
});
