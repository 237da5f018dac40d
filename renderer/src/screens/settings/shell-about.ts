import { queryOptions, skipToken } from '@tanstack/react-query';
import type { ShellClient } from '../../api/client.ts';

/** Versions of the desktop app; asked for only in it, and never again. */
export function shellAbout(shell: ShellClient | null) {
  return queryOptions({
    queryKey: ['shell', 'about'],
    queryFn: shell === null ? skipToken : () => shell.about(),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
