const messages = [{ role: 'user', content: 'Sag „Grüße“ 🙂, write 30 tokens' }];
const chat = { model: 'gpt-4o', messages, stream: true };

/** The protocols in which text is streamed. */
export const STREAMED_REQUESTS = [
  { kind: 'chat', path: '/chat/completions', body: chat },
  {
    kind: 'chat-with-usage',
    path: '/chat/completions',
    body: { ...chat, stream_options: { include_usage: true } },
  },
  {
    kind: 'responses',
    path: '/responses',
    body: { model: 'gpt-4o', input: 'Write 30 tokens', stream: true },
  },
] as const;
