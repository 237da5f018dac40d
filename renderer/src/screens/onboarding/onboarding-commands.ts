import { WELCOME_PATH } from '../../../../proxy/contract/screens.ts';
import type { Command } from '../../palette/commands.ts';
import { onboardingText } from '../../text/onboarding.ts';

export const commands: readonly Command[] = [
  {
    id: 'onboarding.open',
    label: onboardingText.title,
    description: onboardingText.lead,
    run: ({ navigate }) => void navigate({ to: WELCOME_PATH }),
  },
];
