import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { styleNonce } from '../style-nonce.ts';
import { theme } from './theme.ts';

/** What this browser was last told, so that a dark page is dark before the engine has answered. */
const remembered = localStorageColorSchemeManager({ key: 'tollgate.colours' });

export function ThemeProvider({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={remembered}
      getStyleNonce={styleNonce}
    >
      {children}
    </MantineProvider>
  );
}
