/** The names of key stores, without schemas: help texts need them and nothing else. */
export const KEY_STORES = ['keychain', 'env', 'file'] as const;
export type KeyStoreKind = (typeof KEY_STORES)[number];
