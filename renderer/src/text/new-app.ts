import { defineText } from './define-text.ts';

export const newAppText = defineText('new-app', {
  title: 'New app',
  ready: (app: string): string => `${app} is ready`,
  name: 'Name',
  namePlaceholder: 'docs-assistant',
  nameHint: 'The program it is for. Letters, digits, dot, dash and underscore.',
  nameEmpty: 'Type a name.',
  nameInvalid:
    'It begins with a letter or a digit, has letters, digits, dots, dashes and underscores, and at most 64 of them.',
  nameKey: 'That looks like a key. A name is shown everywhere.',
  mode: 'Mode',
  modes: {
    enforce: { title: 'Enforce', what: 'Refuses what would go over a limit.' },
    observe: { title: 'Observe', what: 'Records and warns, refuses nothing. For the first days.' },
  },
  limits: 'Limits',
  limitsHint: 'A request that would go over one is refused before it is sent.',
  noLimits: 'Without a limit this app may spend all that the limits of the whole key leave.',
  presets: 'Presets',
  presetList: { small: '$1 a day', day: '$5 a day', month: '$20 a month', trial: '$0.50 in total' },
  addLimit: 'Add a limit',
  policy: 'More rules',
  models: 'Models',
  modelsHint: 'Names or patterns such as gpt-5*. Empty allows every model.',
  modelsPlaceholder: 'Every model',
  maxOutput: 'Output tokens a request',
  rpm: 'Requests a minute',
  concurrency: 'Requests at once',
  noLimit: 'No limit',
  wholeNumber: 'A whole number from 1 on.',
  submit: 'Create app',
});
