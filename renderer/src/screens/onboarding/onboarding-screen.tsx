import { Anchor, Skeleton } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { api } from '../../api/client.ts';
import { ErrorState } from '../../components/error-state.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useSearchFilter } from '../../router/search.ts';
import { onboardingText as text } from '../../text/onboarding.ts';
import { AppStep } from './app-step.tsx';
import { CapStep } from './cap-step.tsx';
import { ConnectStep } from './connect-step.tsx';
import { KeyStep } from './key-step.tsx';
import { StepList } from './step-list.tsx';
import { after, firstOpen, type Progress, stepOf } from './steps.ts';
import './onboarding.css';

/** From nothing to the first request. Where one is stands in the address, and what is done in the engine. */
export function OnboardingScreen(): ReactNode {
  const status = useQuery(api.engine.status.queryOptions());
  const limits = useQuery(api.limits.list.queryOptions());
  const apps = useQuery(api.apps.list.queryOptions());
  const [filter, change] = useSearchFilter(stepOf);
  const { leave } = useLeave();
  const failed = [status, limits, apps].find(({ isError }) => isError);
  const progress: Progress | null =
    status.data && limits.data && apps.data
      ? { key: status.data.key, limits: limits.data.limits, apps: apps.data.apps }
      : null;
  const step = filter.step ?? (progress && firstOpen(progress));
  const onNext = (): void => {
    if (step) change({ step: after(step) });
  };
  return (
    <div className="tg-steps">
      <PageHeader
        title={text.title}
        lead={text.lead}
        actions={
          <Anchor component="button" type="button" fz="sm" onClick={leave}>
            {text.skipAll}
          </Anchor>
        }
      />
      {failed ? (
        <ErrorState error={failed.error} onRetry={() => void failed.refetch()} />
      ) : progress === null || step === null ? (
        <Skeleton height={360} radius="md" />
      ) : (
        <>
          <StepList progress={progress} current={step} onGo={(to) => change({ step: to })} />
          <section className="tg-card tg-step" key={step}>
            {step === 'key' && <KeyStep status={progress.key} onNext={onNext} />}
            {step === 'cap' && <CapStep limits={progress.limits} onNext={onNext} />}
            {step === 'app' && <AppStep apps={progress.apps} onNext={onNext} />}
            {step === 'connect' && (
              <ConnectStep apps={progress.apps} onFinish={leave} onBack={() => change({ step: 'app' })} />
            )}
          </section>
        </>
      )}
    </div>
  );
}

/** Finished or left: both are remembered, and the overview no longer leads here by itself. */
function useLeave(): { leave(): void } {
  const navigate = useNavigate();
  const queries = useQueryClient();
  const change = useMutation(
    api.settings.set.mutationOptions({
      onSuccess: (settings) => queries.setQueryData(api.settings.get.queryKey(), settings),
      // Also when it could not be remembered: nobody is kept here.
      onSettled: () => void navigate({ to: '/' }),
    }),
  );
  return { leave: () => change.mutate({ dashboard: { onboardedAt: new Date().toISOString() } }) };
}
