import { Button, Drawer, Group, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import { api } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { ErrorNote } from '../../components/note.tsx';
import { pricesText } from '../../text/prices.ts';
import type { ShownPrice } from './price-columns.tsx';
import { PriceFacts } from './price-facts.tsx';
import { draftOf, isAmount, type RateDraft, ratesOf, ratesToEdit } from './price-rates.ts';

const { price: text } = pricesText;

export interface PriceDrawerProps {
  /** Null for a model that the book does not know. */
  readonly price: ShownPrice | null;
  readonly model: string;
  onClose(): void;
}

/** The price of one model, where it comes from, and a price of the user's own in its place. */
export function PriceDrawer({ price, model: given, onClose }: PriceDrawerProps): ReactNode {
  const queries = useQueryClient();
  const rates = price?.row.rates ?? {};
  const [model, setModel] = useState(given);
  const [draft, setDraft] = useState<RateDraft>(() => draftOf(rates));
  const readAgain = (): Promise<void> => queries.invalidateQueries({ queryKey: api.prices.key() });
  const save = useMutation(
    api.prices.set.mutationOptions({
      onSuccess: (row) => {
        notifications.show({ color: 'green', title: text.saved, message: row.model });
        onClose();
        return readAgain();
      },
    }),
  );
  const unset = useMutation(
    api.prices.unset.mutationOptions({
      onSuccess: (gone) => {
        notifications.show({ color: 'green', title: text.gone, message: gone.model });
        onClose();
        return readAgain();
      },
      onError: showError,
    }),
  );
  const names = ratesToEdit(rates);
  const areRight = names.every((name) => isAmount(draft[name]));
  const isAny = names.some((name) => (draft[name] ?? '').trim() !== '');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (areRight && isAny && model.trim() !== '') {
      save.mutate({ model: model.trim(), rates: ratesOf(draft, rates) });
    }
  };
  return (
    <Drawer opened onClose={onClose} position="right" size={460} title={price?.row.model ?? text.newTitle}>
      <form className="tg-price" onSubmit={submit}>
        {price === null && (
          <TextInput
            label={text.model}
            description={text.modelHint}
            value={model}
            required
            data-autofocus
            onChange={({ currentTarget }) => setModel(currentTarget.value)}
          />
        )}
        <p className="tg-dim tg-price-lead">{text.ratesLead}</p>
        <div className="tg-price-rates">
          {names.map((name) => (
            <TextInput
              key={name}
              label={text.rates[name]}
              inputMode="decimal"
              leftSection={text.dollar}
              value={draft[name] ?? ''}
              error={!isAmount(draft[name]) && text.problem}
              onChange={({ currentTarget }) => setDraft({ ...draft, [name]: currentTarget.value })}
            />
          ))}
        </div>
        {!isAny && <p className="tg-dim tg-price-lead">{text.needsOne}</p>}
        {save.isError && <ErrorNote error={save.error} />}
        <Group justify="flex-end" gap="xs">
          {price?.isOwn && (
            <ConfirmButton
              question={text.backQuestion}
              confirmLabel={text.backConfirm}
              loading={unset.isPending}
              onConfirm={() => unset.mutate({ model: given })}
            >
              {text.back}
            </ConfirmButton>
          )}
          <Button
            type="submit"
            loading={save.isPending}
            disabled={!areRight || !isAny || model.trim() === ''}
          >
            {text.save}
          </Button>
        </Group>
        {price && <PriceFacts row={price.row} />}
      </form>
    </Drawer>
  );
}
