declare global {
  interface Window {
    /** Where `get-nonce`, which the scroll lock of dialogs uses, looks for it. */
    __webpack_nonce__?: string;
  }
}

/** The nonce of this answer, which styles made by script carry. Browsers hide it from attributes. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? '';
}

/** To be called before anything renders. */
export function shareStyleNonce(): void {
  window.__webpack_nonce__ = styleNonce();
}
