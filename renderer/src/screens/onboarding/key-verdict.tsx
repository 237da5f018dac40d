import type { ReactNode } from 'react';
import type { KeyCheckResult } from '../../../../proxy/contract/keys.ts';
import { count } from '../../format/count.ts';
import { onboardingText } from '../../text/onboarding.ts';
import { StepMessage } from './step-message.tsx';

const text = onboardingText.key;
const KINDS: ReadonlyMap<string, string> = new Map(Object.entries(text.kinds));
const PROMPTS: ReadonlyMap<string, string> = new Map(Object.entries(text.prompts));

/** What OpenAI said of the key, and what the system is going to ask before it is stored. */
export function KeyVerdict(props: { readonly check: KeyCheckResult; readonly backend: string }): ReactNode {
  const { verdict, kind, models, problem } = props.check;
  if (verdict === 'refused') {
    return <StepMessage tone="bad" what={text.refused(problem ?? '')} more={text.refusedNext} />;
  }
  const prompt = PROMPTS.get(props.backend);
  if (verdict === 'unreachable') {
    const more = [text.unreachableNext, prompt].filter((part) => part !== undefined).join(' ');
    return <StepMessage tone="warn" what={text.unreachable(problem ?? '')} more={more} />;
  }
  const more = [models === null ? undefined : text.models(count(models), models), prompt];
  return (
    <StepMessage
      tone="good"
      what={text.accepted(KINDS.get(kind) ?? kind)}
      more={more.filter((part) => part !== undefined).join(' ')}
    />
  );
}
