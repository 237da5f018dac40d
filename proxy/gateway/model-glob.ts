/** Whether a model name matches one of the globs: `*` stands for any characters, nothing else is special. */
export function matchesAnyGlob(model: string, globs: readonly string[]): boolean {
  return globs.some((glob) => matchesGlob(model, glob));
}

/** Linear in both lengths for each star, so that no pattern makes it slow. */
function matchesGlob(text: string, glob: string): boolean {
  const [first = '', ...rest] = glob.split('*');
  if (rest.length === 0) return text === glob;
  if (!text.startsWith(first)) return false;
  const last = rest.pop() ?? '';
  let at = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
