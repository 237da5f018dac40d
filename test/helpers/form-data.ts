/** A part of a form: a text, or a file with its name. */
export type FormPart =
  | readonly [name: string, text: string]
  | readonly [name: string, fileName: string, content: Buffer];

const BOUNDARY = 'form-boundary-7MA4YWxkTrZu0gW';

export const FORM_CONTENT_TYPE = `multipart/form-data; boundary=${BOUNDARY}`;

/** A multipart body whose bytes are the same each time. */
export function formBody(parts: readonly FormPart[]): Buffer {
  const chunks = parts.flatMap((part) => {
    const [name, second, content] = part;
    const file = content ? `; filename="${second}"\r\ncontent-type: application/octet-stream` : '';
    const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name}"${file}\r\n\r\n`;
    return [Buffer.from(head), content ?? Buffer.from(second), Buffer.from('\r\n')];
  });
  return Buffer.concat([...chunks, Buffer.from(`--${BOUNDARY}--\r\n`)]);
}
