import { once } from 'node:events';
import { request } from 'node:http';

const MARK = Buffer.from('data: ');

/** Reads so many streams at once, each begun anew when it ends, and counts events for some seconds. */
export async function chunksPerSecond(
  url: string,
  token: string,
  streams: number,
  seconds: number,
): Promise<number> {
  let chunks = 0;
  const deadline = performance.now() + seconds * 1000;
  const body = JSON.stringify({
    model: 'gpt-5.4-mini',
    messages: [{ role: 'user', content: 'stream' }],
    stream: true,
    max_completion_tokens: 600,
  });
  const one = async (): Promise<void> => {
    while (performance.now() < deadline) {
      const call = request(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          'content-length': body.length,
          authorization: `Bearer ${token}`,
        },
      });
      call.end(body);
      const [answer] = (await once(call, 'response')) as [import('node:http').IncomingMessage];
      if (answer.statusCode !== 200) throw new Error(`${url}: ${answer.statusCode}`);
      for await (const chunk of answer) {
        const bytes = chunk as Buffer;
        for (let at = bytes.indexOf(MARK); at >= 0; at = bytes.indexOf(MARK, at + MARK.length)) chunks += 1;
        if (performance.now() > deadline) break;
      }
      call.destroy();
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: streams }, one));
  return (chunks * 1000) / (performance.now() - started);
}
