import { IconCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { onboardingText as text } from '../../text/onboarding.ts';
import { isDone, type Progress, STEPS, type Step } from './steps.ts';

export interface StepListProps {
  readonly progress: Progress;
  readonly current: Step;
  onGo(step: Step): void;
}

/** All steps with those that are done; each can be gone to at any time. */
export function StepList({ progress, current, onGo }: StepListProps): ReactNode {
  return (
    <ol className="tg-step-list" aria-label={text.steps.label}>
      {STEPS.map((step, at) => {
        const done = isDone(step, progress);
        return (
          <li key={step} data-done={done || undefined}>
            <button
              type="button"
              aria-current={step === current ? 'step' : undefined}
              onClick={() => onGo(step)}
            >
              <span className="tg-step-mark" aria-hidden="true">
                {done ? <IconCheck size={13} stroke={2.4} /> : at + 1}
              </span>
              {text.steps[step]}
              {done && <span className="tg-hidden">{text.done}</span>}
            </button>
          </li>
        );
      })}
    </ol>
  );
}
