import { Button, NumberInput, Popover, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { parseUsd } from '../../../../proxy/contract/money.ts';
import { api } from '../../api/client.ts';
import { showError } from '../../api/show-error.ts';
import { limitWords } from '../../format/limit-words.ts';
import { securityText } from '../../text/security.ts';

const { cap: text, fix } = securityText;
const SUGGESTED_USD = 25;

/** The one point whose fix takes a number: how much everything together may cost. */
export function KeyCapFix(): ReactNode {
  const [isOpen, setOpen] = useState(false);
  const [usd, setUsd] = useState<string | number>(SUGGESTED_USD);
  const queries = useQueryClient();
  const amount = parseUsd(String(usd));
  const set = useMutation(
    api.limits.set.mutationOptions({
      onSuccess: (list) => {
        queries.setQueryData(api.limits.list.queryKey(), list);
        setOpen(false);
        const words = amount === null ? '' : limitWords({ metric: 'usd', amount, window: 'month' });
        notifications.show({ color: 'green', title: fix.done, message: words });
        return queries.invalidateQueries({ queryKey: api.checklist.key() });
      },
      onError: showError,
    }),
  );
  const save = (): void => {
    if (amount === null || amount === 0) return;
    set.mutate({ limits: [{ metric: 'usd', amount, window: 'month', enforce: 'hard' }] });
  };
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus withRoles shadow="md" width={280}>
      <Popover.Target>
        <Button onClick={() => setOpen(!isOpen)}>{text.button}</Button>
      </Popover.Target>
      <Popover.Dropdown>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            save();
          }}
        >
          <Stack gap="sm">
            <Text size="sm">{text.question}</Text>
            <NumberInput
              label={text.amount}
              prefix="$"
              min={0.01}
              max={9_000_000}
              decimalScale={2}
              value={usd}
              onChange={setUsd}
              data-autofocus
            />
            <Button type="submit" loading={set.isPending} disabled={amount === null || amount === 0}>
              {text.set}
            </Button>
          </Stack>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}
