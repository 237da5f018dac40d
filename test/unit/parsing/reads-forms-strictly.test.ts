import { expect, test } from 'vitest';
import { parseMultipart } from '../../../proxy/gateway/multipart.ts';

const TYPE = 'multipart/form-data; boundary=X';
const parse = (text: string, type = TYPE) => parseMultipart(Buffer.from(text, 'latin1'), type);
const part = (header: string, content: string): string => `--X\r\n${header}\r\n\r\n${content}\r\n`;
const FIELD = part('Content-Disposition: form-data; name="model"', 'whisper-1');

test('reads what fetch builds', async () => {
  const form = new FormData();
  form.set('model', 'whisper-1');
  form.set('file', new Blob([new Uint8Array([0, 13, 10, 45, 45, 255])], { type: 'audio/wav' }), 'a "b".wav');
  const response = new Response(form);
  const result = parseMultipart(
    Buffer.from(await response.arrayBuffer()),
    response.headers.get('content-type') ?? '',
  );
  expect(result).toMatchObject({
    ok: true,
    parts: [
      { name: 'model', filename: null, content: Buffer.from('whisper-1') },
      { name: 'file', mediaType: 'audio/wav', content: Buffer.from([0, 13, 10, 45, 45, 255]) },
    ],
  });
});

test('reads what curl builds', () => {
  const type = 'multipart/form-data; boundary="----curl"';
  const text =
    '------curl\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n' +
    '------curl--\r\n';
  expect(parse(text, type)).toMatchObject({ ok: true, parts: [{ name: 'file', filename: 'a.wav' }] });
});

test.each([
  ['no boundary in the header', `${FIELD}--X--\r\n`, 'multipart/form-data'],
  ['another boundary', `${FIELD}--X--\r\n`, 'multipart/form-data; boundary=Y'],
  ['a preamble', `hello\r\n${FIELD}--X--\r\n`, TYPE],
  ['no end', FIELD, TYPE],
  ['a field given twice', `${FIELD}${FIELD}--X--\r\n`, TYPE],
  ['a part without a name', `${part('Content-Disposition: form-data', 'x')}--X--\r\n`, TYPE],
  ['a part without a header', '--X\r\n\r\nx\r\n--X--\r\n', TYPE],
  ['a folded header', `${part('Content-Disposition: form-data;\r\n name="model"', 'x')}--X--\r\n`, TYPE],
  [
    'a huge header',
    `${part(`Content-Disposition: form-data; name="${'a'.repeat(5_000)}"`, 'x')}--X--\r\n`,
    TYPE,
  ],
  ['bare line feeds', `${FIELD}--X--\r\n`.replaceAll('\r\n', '\n'), TYPE],
  ['nothing', '', TYPE],
])('refuses %s', (_name, text, type) => {
  expect(parse(text, type)).toMatchObject({ ok: false, problem: expect.stringMatching(/./) });
});
