import { expect, test } from 'vitest';
import { parseMultipart } from '../../../proxy/gateway/multipart.ts';

const TYPE = 'multipart/form-data; boundary=X';
const NAMED = 'Content-Disposition: form-data; name="model"';
const part = (header: string, content = 'x'): string => `--X\r\n${header}\r\n\r\n${content}\r\n`;
const form = (...headers: string[]): string => `${headers.map((header) => part(header)).join('')}--X--\r\n`;
const parse = (text: string, type = TYPE) => parseMultipart(Buffer.from(text, 'latin1'), type);

test.each([
  ['the plain form', form(NAMED), TYPE],
  ['no line end at the end', form(NAMED).trimEnd(), TYPE],
  ['spaces behind the last boundary', `${form(NAMED).trimEnd()}  \r\n`, TYPE],
  ['a quoted boundary', form(NAMED), 'multipart/form-data; boundary="X"'],
  ['other parameters', form(NAMED), 'multipart/form-data; charset=utf-8; Boundary=X ; x=1'],
  ['a name without quotes', form('content-disposition:form-data; name=model'), TYPE],
  ['further headers', form(`X-Some: thing\r\n${NAMED}\r\nContent-Transfer-Encoding: binary`), TYPE],
  ['nothing in it', '--X--', TYPE],
])('%s is read', (_name, text, type) => {
  expect(parse(text, type).ok).toBe(true);
});

test.each([
  ['WebKit', '----WebKitFormBoundary7MA4YWxkTrZu0gW'],
  ['undici', '----formdata-undici-012345678901'],
  ['curl', '------------------------d74496d66958873e'],
  ['python', '7d3e5f0a1b2c3d4e5f60718293a4b5c6'],
  ['70 characters', 'b'.repeat(70)],
])('a boundary of %s is read', (_name, boundary) => {
  expect(
    parse(form(NAMED).replaceAll('--X', `--${boundary}`), `multipart/form-data; boundary=${boundary}`),
  ).toEqual({
    ok: true,
    parts: [{ name: 'model', filename: null, mediaType: '', content: Buffer.from('x') }],
  });
});

test.each([
  ['two boundaries in the header', form(NAMED), 'multipart/form-data; boundary=X; boundary=Y'],
  ['a boundary within quotes before it', form(NAMED), 'multipart/form-data; a="; boundary=X"; boundary=Y'],
  ['an encoded boundary', form(NAMED), "multipart/form-data; boundary*=utf-8''X; boundary=X"],
  ['an empty boundary', form(NAMED), 'multipart/form-data; boundary='],
  ['a boundary of 71 characters', form(NAMED), `multipart/form-data; boundary=${'X'.repeat(71)}`],
  ['a boundary that ends with a space', form(NAMED), 'multipart/form-data; boundary="X "'],
  ['a form behind the form', form(NAMED) + form(NAMED), TYPE],
  ['a line behind the form', `${form(NAMED)}\r\n`, TYPE],
  ['an epilogue beyond the look', `${form(NAMED).trimEnd()}${' '.repeat(100)}--X`, TYPE],
  ['a boundary with more behind it', form(NAMED).replace('--X\r', '--X \r'), TYPE],
  ['a longer boundary between', `${part(NAMED, 'a\r\n--XY\r\nb')}--X--\r\n`, TYPE],
])('%s is refused', (_name, text, type) => {
  expect(parse(text, type)).toMatchObject({ ok: false });
});

test.each([
  ['two names', `${NAMED}; name="prompt"`],
  ['two dispositions', `${NAMED}\r\nContent-Disposition: form-data; name="prompt"`],
  ['two dispositions, the first without a name', `Content-Disposition: form-data; x=y\r\n${NAMED}`],
  ['an encoded name beside it', `${NAMED}; name*=utf-8''prompt`],
  ['an encoded name', "Content-Disposition: form-data; name*=utf-8''model"],
  ['a name with an escape', 'Content-Disposition: form-data; name="mod\\"el"'],
  ['a name with a percent escape', 'Content-Disposition: form-data; name="mod%65l"'],
  [
    'a name inside the name of a file',
    'Content-Disposition: form-data; filename="a; name=model"; name="prompt"',
  ],
  ['another disposition', 'Content-Disposition: attachment; name="model"'],
  ['a space before the colon', 'Content-Disposition : form-data; name="model"'],
  ['a header without a colon', `${NAMED}\r\nnonsense`],
  ['a header without a name', `: x\r\n${NAMED}`],
  ['a bare line feed in a header', `X-A: b\n${NAMED}\r\n${NAMED}`],
  ['a bare return in a header', `X-A: b\r${NAMED}\r\n${NAMED}`],
  ['a NUL in a header', `${NAMED}\0`],
  ['a folded header', `X-A: b\r\n c\r\n${NAMED}`],
  ['base64', `${NAMED}\r\nContent-Transfer-Encoding: base64`],
  ['quoted-printable', `${NAMED}\r\nContent-Transfer-Encoding: quoted-printable`],
])('a part with %s is refused', (_name, header) => {
  expect(parse(form(header))).toMatchObject({ ok: false, problem: expect.stringMatching(/./) });
});

test.each([
  ['two files of one name', 'name="file"; filename="a"', 'name="file"; filename="b"'],
  ['a file and a field of one name', 'name="model"; filename="a"', 'name="model"'],
])('%s are refused', (_name, one, other) => {
  const disposition = 'Content-Disposition: form-data; ';
  expect(parse(form(disposition + one, disposition + other))).toMatchObject({
    ok: false,
    problem: expect.stringContaining('twice'),
  });
});

test('lists are given by brackets, and pictures by their name', () => {
  const disposition = (name: string): string =>
    `Content-Disposition: form-data; name="${name}"; filename="a"`;
  for (const name of ['image[]', 'image', 'timestamp_granularities[]']) {
    expect(parse(form(disposition(name), disposition(name))).ok).toBe(true);
  }
});

test.each([
  ['a plain name', 'filename="a.wav"', 'a.wav'],
  ['an empty name', 'filename=""', ''],
  ['an encoded name', "filename*=utf-8''a%20b.wav", ''],
  ['two names', 'filename="a"; filename="b"', ''],
])('%s of a file still tells a file from a field', (_name, parameter, filename) => {
  expect(parse(form(`Content-Disposition: form-data; name="file"; ${parameter}`))).toMatchObject({
    parts: [{ name: 'file', filename }],
  });
});

test('A37 200 parts are read, 201 are not', () => {
  const many = (count: number): string =>
    form(...Array.from({ length: count }, (_, index) => `Content-Disposition: form-data; name="f${index}"`));
  expect(parse(many(200)).ok).toBe(true);
  expect(parse(many(201)).ok).toBe(false);
});

test('A37 a form of 50 MB is read without copying its file', () => {
  const content = Buffer.alloc(50 * 1024 * 1024, 0x2d);
  const body = Buffer.concat([
    Buffer.from('--X\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'),
    content,
    Buffer.from('\r\n--X--\r\n'),
  ]);
  const result = parseMultipart(body, TYPE);
  expect(result.ok && result.parts[0]?.content.buffer === body.buffer).toBe(true);
  expect(result.ok && result.parts[0]?.content.length).toBe(content.length);
});
