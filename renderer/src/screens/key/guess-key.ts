/** What a text that was typed seems to be; the engine decides. */
export type KeyGuess = 'empty' | 'project' | 'service-account' | 'legacy' | 'admin' | 'app-token' | 'other';

const PREFIXES = [
  ['sk-admin-', 'admin'],
  ['sk-proj-', 'project'],
  ['sk-svcacct-', 'service-account'],
  ['sk-', 'legacy'],
  ['tg_', 'app-token'],
] as const;

/** By its first characters, whatever stands around it, such as quotes or the name of a variable. */
export function guessKey(text: string): KeyGuess {
  if (text.trim() === '') return 'empty';
  return PREFIXES.find(([prefix]) => text.includes(prefix))?.[1] ?? 'other';
}

/** Not worth sending: what it is can be told without asking. */
export function isHopeless(guess: KeyGuess): boolean {
  return guess === 'empty' || guess === 'admin' || guess === 'app-token';
}
