import { useMantineColorScheme } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Settings } from '../../../proxy/contract/settings.ts';
import { api } from '../api/client.ts';
import { useSettings } from '../api/queries.ts';

export type ThemeChoice = Settings['dashboard']['theme'];

/** The colours that the user chose, in every browser and the desktop alike. */
export function useThemeChoice(): readonly [ThemeChoice, (choice: ThemeChoice) => void] {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const queries = useQueryClient();
  const change = useMutation(
    api.settings.set.mutationOptions({
      onSuccess: (settings) => queries.setQueryData(api.settings.get.queryKey(), settings),
    }),
  );
  return [
    colorScheme,
    (choice) => {
      setColorScheme(choice);
      change.mutate({ dashboard: { theme: choice } });
    },
  ];
}

/** Follows the setting when it was changed elsewhere. To be mounted once. */
export function useStoredTheme(): void {
  const { setColorScheme } = useMantineColorScheme();
  const stored = useSettings()?.dashboard.theme;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the setter is another one at each render
  useEffect(() => {
    if (stored !== undefined) setColorScheme(stored);
  }, [stored]);
}
