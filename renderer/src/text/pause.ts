import { defineText } from './define-text.ts';

export const pauseText = defineText('pause', {
  pause: (app: string): string => `Pause ${app}`,
  resume: (app: string): string => `Resume ${app}`,
  pauseAll: 'Pause everything',
  resumeAll: 'Resume everything',
});
