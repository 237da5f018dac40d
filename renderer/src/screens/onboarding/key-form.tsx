import { Button, Group, PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { LINKS } from '../../../../proxy/contract/links.ts';
import { api } from '../../api/client.ts';
import { ExternalLink } from '../../components/external-link.tsx';
import { onboardingText as text } from '../../text/onboarding.ts';
import { KeyVerdict } from './key-verdict.tsx';
import { StepError } from './step-message.tsx';

export interface KeyFormProps {
  readonly backend: string;
  onStored(): void;
  onSkip(): void;
}

/**
 * Paste, check, store. The key is kept here between the check and the storing of it, and nowhere else: not
 * in a mutation's variables, which stay in the cache.
 */
export function KeyForm({ backend, onStored, onSkip }: KeyFormProps): ReactNode {
  const [key, setKey] = useState('');
  const queries = useQueryClient();
  const check = useMutation({ mutationFn: () => api.keys.check.call({ key }), gcTime: 0 });
  const store = useMutation({
    mutationFn: () => api.keys.set.call({ key, verify: false }),
    gcTime: 0,
    onSuccess: (status) => {
      setKey('');
      queries.setQueryData(api.keys.status.queryKey(), status);
      queries.setQueryData(api.engine.status.queryKey(), (engine) => engine && { ...engine, key: status });
      onStored();
    },
  });
  const verdict = check.data?.verdict;
  const again = (): void => {
    setKey('');
    check.reset();
    store.reset();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (verdict === 'accepted') store.mutate();
    else check.mutate();
  };
  const words = text.key;
  return (
    <form onSubmit={submit}>
      <PasswordInput
        label={words.label}
        placeholder={words.placeholder}
        description={<ExternalLink href={LINKS.openaiKeys}>{words.find}</ExternalLink>}
        inputWrapperOrder={['label', 'input', 'description']}
        value={key}
        onChange={(event) => {
          setKey(event.currentTarget.value);
          check.reset();
          store.reset();
        }}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        disabled={check.isPending || store.isPending}
        readOnly={verdict === 'accepted'}
      />
      {check.isError && <StepError error={check.error} />}
      {check.data && <KeyVerdict check={check.data} backend={backend} />}
      {store.isError && <StepError error={store.error} />}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="subtle" color="gray" onClick={onSkip}>
          {text.skip}
        </Button>
        {(verdict === 'accepted' || verdict === 'refused') && (
          <Button variant="default" onClick={again}>
            {words.another}
          </Button>
        )}
        {verdict === 'unreachable' && (
          <Button variant="default" loading={store.isPending} onClick={() => store.mutate()}>
            {words.storeUnchecked}
          </Button>
        )}
        {verdict === 'accepted' ? (
          <Button type="submit" loading={store.isPending}>
            {words.storeIn(backend)}
          </Button>
        ) : (
          <Button
            type="submit"
            loading={check.isPending}
            disabled={key.trim() === '' || verdict === 'refused'}
          >
            {words.check}
          </Button>
        )}
      </Group>
    </form>
  );
}
