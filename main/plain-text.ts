/**
 * Text for the tray, a notification or a menu. Names of apps and models are chosen by others: what could
 * turn the reading direction, break a line or act on a terminal is taken out, and the rest is cut short.
 */
export function plainText(text: string, maxLength: number): string {
  const plain = text.normalize('NFC').replace(UNSEEN, '').replace(/\s+/g, ' ').trim();
  const characters = [...plain];
  if (characters.length <= maxLength) return plain;
  return `${characters
    .slice(0, maxLength - 1)
    .join('')
    .trimEnd()}…`;
}

/** Controls but white space, marks of direction, and what has no width. */
const UNSEEN =
  /[\u0000-\u0008\u000e-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** In a menu `&` underlines the character behind it. */
export function menuText(text: string, maxLength: number): string {
  return plainText(text, maxLength).replaceAll('&', '&&');
}

/**
 * Some notification daemons of Linux read the body as markup and others show it as it is, so nothing can be
 * escaped for both: what would begin a tag becomes a sign that looks like it.
 */
export function withoutMarkup(text: string): string {
  return text.replaceAll('<', '‹').replaceAll('>', '›');
}
