/** Of the browsers that have it; TypeScript's own types of the page do not know it. */
interface TrustedTypes {
  createPolicy(name: 'default', rules: { createHTML(text: string): string | null }): unknown;
}

function hasTrustedTypes(page: object): page is { readonly trustedTypes: TrustedTypes } {
  return 'trustedTypes' in page;
}

/**
 * The page is served with `require-trusted-types-for 'script'`: no text becomes markup or a script by
 * accident. Mantine writes its style sheets as the inner HTML of a `<style>`, so this one policy lets
 * through text that cannot hold an element, and nothing else. To be called before anything renders.
 */
export function allowStyleTextOnly(): void {
  if (!hasTrustedTypes(window)) return;
  window.trustedTypes.createPolicy('default', {
    createHTML: (text) => (text.includes('<') ? null : text),
  });
}
