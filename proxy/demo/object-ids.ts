import { randomBytes } from 'node:crypto';

/** A fresh id in OpenAI's style, such as `chatcmpl-…` or `resp_…`. */
export function objectId(prefix: string, bytes = 16): string {
  return prefix + randomBytes(bytes).toString('hex');
}
