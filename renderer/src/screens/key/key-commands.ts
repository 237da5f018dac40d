import { showError } from '../../api/show-error.ts';
import type { Command } from '../../palette/commands.ts';
import { keyText } from '../../text/key.ts';
import { testKey } from './use-key-test.ts';

const { commands: text } = keyText;

export const commands: readonly Command[] = [
  {
    id: 'key.test',
    label: text.test,
    keywords: ['verify', 'check'],
    run: ({ navigate, queries }) => {
      void navigate({ to: '/key', search: {} });
      testKey(queries).catch(showError);
    },
  },
  {
    id: 'key.rotate',
    label: text.rotate,
    keywords: ['replace', 'roll', 'swap'],
    run: ({ navigate }) => void navigate({ to: '/key', search: { rotate: 'yes' } }),
  },
];
