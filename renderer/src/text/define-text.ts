/** Words of one screen: plain text, text with something filled in, and groups of these. */
export interface TextTree {
  readonly [name: string]: string | readonly string[] | ((...values: never[]) => string) | TextTree;
}

/** Translations by part and language; a language that has no file reads English. */
const TRANSLATIONS: Readonly<Record<string, Readonly<Record<string, TextTree>>>> = {};

/**
 * One part of the catalogue. Components hold no words of their own: a translation is a second object of the
 * same type beside the English one, and this is the only place that chooses between them.
 */
export function defineText<const Text extends TextTree>(part: string, english: Text): Text {
  const translated = TRANSLATIONS[language()]?.[part];
  return translated === undefined ? english : { ...english, ...translated };
}

/** What Intl formats in: the language of the words, so that both fit together. */
export function language(): string {
  return 'en';
}

const plurals = new Intl.PluralRules(language());

/** The form for a count: `plural(3, { one: 'alert', other: 'alerts' })`. */
export function plural(count: number, forms: { readonly one: string; readonly other: string }): string {
  return plurals.select(count) === 'one' ? forms.one : forms.other;
}
