import { request } from 'node:http';

export interface ControlAnswer {
  readonly status: number;
  readonly body: string;
  /** Status line, headers and body as one text. */
  readonly text: string;
}

/** One HTTP request on a control socket, as bytes and not through a client. */
export function callControl(
  socketPath: string,
  path: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
  method = 'POST',
): Promise<ControlAnswer> {
  return new Promise((resolve, reject) => {
    const call = request(
      { socketPath, path, method, headers: { host: 'control.local', ...headers } },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const status = answer.statusCode ?? 0;
          const text = Buffer.concat(chunks).toString('utf8');
          resolve({ status, body: text, text: `${status} ${answer.rawHeaders.join(' ')}\n${text}` });
        });
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}
