import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './theme/base.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queryClient } from './api/query-client.ts';
import { listenForShortcuts } from './palette/shortcuts.ts';
import { router } from './router/router.tsx';
import { SessionGate } from './session/session-gate.tsx';
import { shareStyleNonce } from './style-nonce.ts';
import { ThemeProvider } from './theme/theme-provider.tsx';
import { allowStyleTextOnly } from './trusted-types.ts';

allowStyleTextOnly();
shareStyleNonce();
listenForShortcuts();
const root = document.getElementById('root');
if (!root) throw new Error('The document has no #root.');
createRoot(root).render(
  <StrictMode>
    <ThemeProvider>
      <QueryClientProvider client={queryClient}>
        <SessionGate>
          <RouterProvider router={router} />
        </SessionGate>
      </QueryClientProvider>
    </ThemeProvider>
  </StrictMode>,
);
