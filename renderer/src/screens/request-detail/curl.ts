import type { RequestView } from '../../../../proxy/contract/requests.ts';
import { requestDetailText as text } from '../../text/request-detail.ts';

/** Stands for the app token, which nobody can read again. */
const MASKED_TOKEN = 'tg_…';

/**
 * The request as a command. Neither its token nor its body is kept: both have to be filled in. What came
 * from a client stands in single quotes, which the shell takes as they are.
 */
export function curlOf({ endpoint, model, streamed }: RequestView, baseUrl: string): string {
  const origin = baseUrl.replace(/\/v1$/, '');
  const body = JSON.stringify({
    ...(model === '' ? {} : { model }),
    ...(streamed ? { stream: true } : {}),
    ...(endpoint.endsWith('/chat/completions')
      ? { messages: [{ role: 'user', content: text.body }] }
      : { input: text.body }),
  });
  return [
    `curl ${quoted(`${origin}${endpoint}`)}`,
    `  -H ${quoted(`Authorization: Bearer ${MASKED_TOKEN}`)}`,
    `  -H ${quoted('Content-Type: application/json')}`,
    `  -d ${quoted(body)}`,
  ].join(' \\\n');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
