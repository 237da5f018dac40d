/** The token encodings OpenAI has published; a model's text is counted with its own. */
export type Encoding = 'o200k_base' | 'cl100k_base';

const O200K = /^(chatgpt-4o|codex|computer-use|gpt-4o|gpt-4\.1|gpt-4\.5|gpt-5|gpt-6|o1|o3|o4)/;
const CL100K = /^(gpt-4|gpt-3\.5|text-embedding-3|text-embedding-ada)/;

/** Null for a model whose encoding is not known: its text is bounded by its bytes only. */
export function encodingOf(model: string): Encoding | null {
  const base = model.startsWith('ft:') ? model.slice('ft:'.length) : model;
  if (O200K.test(base)) return 'o200k_base';
  return CL100K.test(base) ? 'cl100k_base' : null;
}
