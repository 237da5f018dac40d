import { keyText } from '../../text/key.ts';

/** What people call a kind of key; as it came where it is a new one. */
export function kindName(kind: string): string {
  const names: Readonly<Record<string, string>> = keyText.kinds;
  return names[kind] ?? kind;
}
