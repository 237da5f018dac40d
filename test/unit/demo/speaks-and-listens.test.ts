import { toFile } from 'openai';
import { expect, it } from 'vitest';
import { audioSeconds } from '../../../proxy/demo/audio-length.ts';
import { loadTokenizer } from '../../../proxy/demo/tokenizer.ts';
import { wavFile } from '../../helpers/wav-file.ts';
import { KEY, openSimulation } from './simulation-fixture.ts';

const recording = (seconds: number) => toFile(wavFile(seconds), 'a.wav', { type: 'audio/wav' });

it('speaks without usage, and bills characters or tokens', async () => {
  const { client, bill } = await openSimulation();
  const input = 'Grüße! '.repeat(10);
  const wav = await client.audio.speech.create({
    model: 'tts-1',
    voice: 'alloy',
    input,
    response_format: 'wav',
  });
  const sound = Buffer.from(await wav.arrayBuffer());
  expect(wav.headers.get('content-type')).toBe('audio/wav');
  expect(wav.headers.get('content-length')).toBeNull();
  expect(audioSeconds(sound, 'x.wav')).toBeCloseTo(70 / 15, 2);
  expect(bill.rows).toMatchObject([{ usage: null, costNanoUsd: 70 * 15_000 }]);
  const mp3 = await client.audio.speech.create({ model: 'gpt-4o-mini-tts', voice: 'alloy', input });
  const frames = Buffer.from(await mp3.arrayBuffer());
  expect(frames.readUInt16BE(0)).toBe(0xfffb);
  expect(frames.readUInt16BE(417)).toBe(0xfffb);
  const inputTokens = (await loadTokenizer()).count(input);
  expect(bill.rows[1]?.costNanoUsd).toBe(inputTokens * 600 + Math.ceil((70 / 15) * 20) * 12_000);
});

it('streams speech with usage', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.audio.speech.create({
    model: 'gpt-4o-mini-tts',
    voice: 'alloy',
    input: 'x'.repeat(45),
    response_format: 'pcm',
    stream_format: 'sse',
  });
  const events = (await answer.text())
    .split('\n\n')
    .filter(Boolean)
    .map((each) => JSON.parse(each.slice(6)));
  expect(events.map((each) => each.type)).toEqual([
    ...Array(3).fill('speech.audio.delta'),
    'speech.audio.done',
  ]);
  expect(Buffer.concat(events.map((each) => Buffer.from(each.audio ?? '', 'base64')))).toHaveLength(
    3 * 48_000,
  );
  expect(events[3].usage).toMatchObject({ output_tokens: 60 });
  expect(events[3].usage).toEqual(bill.rows[0]?.usage);
});

it('transcribes at ten tokens a second', async () => {
  const { client, bill } = await openSimulation();
  const body = { model: 'gpt-4o-transcribe', prompt: 'names' };
  const answer = await client.audio.transcriptions.create({ ...body, file: await recording(4.05) });
  expect(answer.usage).toEqual({
    type: 'tokens',
    input_tokens: 42,
    input_token_details: { text_tokens: 1, audio_tokens: 41 },
    output_tokens: (await loadTokenizer()).count(answer.text),
    total_tokens: 42 + (await loadTokenizer()).count(answer.text),
  });
  const outputTokens = (await loadTokenizer()).count(answer.text);
  expect(bill.totalNanoUsd()).toBe(2500 + 41 * 6000 + outputTokens * 10_000);
  let text = '';
  let usage: unknown;
  for await (const event of await client.audio.transcriptions.create({
    ...body,
    file: await recording(4.05),
    stream: true,
  })) {
    if (event.type === 'transcript.text.delta') text += event.delta;
    if (event.type === 'transcript.text.done') usage = event.usage;
  }
  expect(text).toBe(answer.text);
  expect(usage).toEqual(answer.usage);
  expect(bill.rows[1]?.costNanoUsd).toBe(bill.rows[0]?.costNanoUsd);
});

it('bills whole seconds of whisper, and reports them in JSON only', async () => {
  const { client, bill, baseUrl } = await openSimulation();
  const file = await recording(61.2);
  const answer = await client.audio.transcriptions.create({ model: 'whisper-1', file });
  expect(answer.usage).toEqual({ type: 'duration', seconds: 62 });
  expect(bill.totalNanoUsd()).toBe(62 * 100_000);
  const verbose = await client.audio.transcriptions.create({
    model: 'whisper-1',
    file,
    response_format: 'verbose_json',
  });
  expect(verbose).toMatchObject({ duration: 61.2, usage: { type: 'duration', seconds: 62 } });
  const formats = {
    text: /^\w/,
    srt: /^1\n00:00:00,000 --> 00:01:01,200\n/,
    vtt: /^WEBVTT\n\n00:00:00\.000 --> /,
  };
  for (const [response_format, expected] of Object.entries(formats)) {
    const form = new FormData();
    form.set('model', 'whisper-1');
    form.set('response_format', response_format);
    form.set('file', new File([wavFile(61.2)], 'a.wav'));
    const headers = { authorization: `Bearer ${KEY}` };
    const plain = await fetch(`${baseUrl}/audio/transcriptions`, { method: 'POST', headers, body: form });
    const text = await plain.text();
    expect(text).toMatch(expected);
    expect(text).not.toContain('usage');
  }
  expect(bill.rows.map((each) => each.costNanoUsd)).toEqual(Array(5).fill(6_200_000));
});

it('translates without usage', async () => {
  const { client, bill } = await openSimulation();
  const answer = await client.audio.translations.create({ model: 'whisper-1', file: await recording(2) });
  expect(Object.keys(answer)).toEqual(['text']);
  expect(bill.totalNanoUsd()).toBe(200_000);
});

it('knows the length of other formats by a fixed rate', () => {
  const bytes = Buffer.alloc(64_000);
  expect(audioSeconds(bytes, 'a.mp3')).toBe(4);
  expect(audioSeconds(bytes, 'a.ogg')).toBe(16);
  expect(audioSeconds(bytes, 'a.flac')).toBe(1);
  expect(audioSeconds(wavFile(1.5), 'wrongly-named.mp3')).toBe(1.5);
});

it('refuses what is not a recording', async () => {
  const { client, baseUrl } = await openSimulation();
  const empty = await toFile(Buffer.alloc(10), 'a.mp3');
  await expect(client.audio.transcriptions.create({ model: 'whisper-1', file: empty })).rejects.toMatchObject(
    {
      status: 400,
      code: 'audio_too_short',
    },
  );
  const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'multipart/form-data; boundary=x' };
  const broken = await fetch(`${baseUrl}/audio/transcriptions`, {
    method: 'POST',
    headers,
    body: '--x\r\nbroken',
  });
  expect(broken.status).toBe(400);
});
