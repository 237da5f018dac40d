import type { Frame, TestSocket } from './socket-fixture.ts';

export const REALTIME = '/realtime?model=gpt-realtime-2';
export const TEXT_ONLY = {
  type: 'session.update',
  session: { type: 'realtime', output_modalities: ['text'] },
};

export const say = (text: string) => ({
  type: 'conversation.item.create',
  item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
});

/** What a usage block costs at the prices of gpt-realtime-2. */
export function realtimeCost(usage: Frame['response']): number {
  const { input_token_details: input, output_token_details: output } = usage;
  const cached = input.cached_tokens_details;
  return (
    (input.text_tokens - cached.text_tokens) * 4000 +
    cached.text_tokens * 400 +
    (input.audio_tokens - cached.audio_tokens) * 32_000 +
    cached.audio_tokens * 500 +
    (input.image_tokens - cached.image_tokens) * 5000 +
    cached.image_tokens * 600 +
    output.text_tokens * 24_000 +
    output.audio_tokens * 64_000
  );
}

/** Asks for a response and resolves with it, done. */
export async function respond(socket: TestSocket, response?: object): Promise<Frame['response']> {
  socket.send({ type: 'response.create', ...(response ? { response } : {}) });
  return (await socket.next('response.done')).response;
}
