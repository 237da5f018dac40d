/**
 * Every address outside of this machine that a person is led to. The desktop opens these and no others,
 * whatever the page asks for; the page links to them as to any other address, with a new window.
 */
export const LINKS = {
  openaiKeys: 'https://platform.openai.com/api-keys',
  openaiLimits: 'https://platform.openai.com/settings/organization/limits',
  openaiUsage: 'https://platform.openai.com/usage',
  openaiStatus: 'https://status.openai.com/',
} as const;

/** The constant that equals a text, or null: what is opened then is ours and not the text. */
export function knownLink(text: string): string | null {
  return Object.values(LINKS).find((link) => link === text) ?? null;
}
