import { Button, NativeSelect, Stack, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { AppView, LimitView } from '../../../../proxy/contract/apps.ts';
import { putApp } from '../../api/app-cache.ts';
import { api } from '../../api/client.ts';
import { useZone } from '../../api/queries.ts';
import { CallError } from '../../components/call-error.tsx';
import { Dialog, DialogFoot } from '../../components/dialog.tsx';
import { amountText, limitKeyOf } from '../../components/limit-draft.ts';
import { amountOf, limitWords } from '../../format/limit-words.ts';
import { useNow } from '../../format/now.ts';
import { nearTime } from '../../format/time.ts';
import { appLimitsText } from '../../text/app-limits.ts';
import { limitEditText } from '../../text/limit-edit.ts';
import { presetsFor, presetWords, type RaiseDraft, readRaise, untilsFor } from './raise-draft.ts';

const { raiseDialog: text } = appLimitsText;

export interface RaiseDialogProps {
  readonly app: AppView;
  readonly limit: LimitView;
  onClose(): void;
}

/** More of a limit for a while: by one press of a preset, or by an amount and an end of one's own. */
// biome-ignore lint/style/noDefaultExport: React.lazy takes a default export
export default function RaiseDialog({ app, limit, onClose }: RaiseDialogProps): ReactNode {
  const queries = useQueryClient();
  const { zone } = useZone();
  const nowMs = useNow();
  const [draft, setDraft] = useState<RaiseDraft>({ amount: '', until: 'midnight', day: '' });
  const [isTried, setTried] = useState(false);
  const raise = useMutation(
    api.apps.raise.mutationOptions({
      onSuccess: (changed) => {
        putApp(queries, changed);
        onClose();
      },
    }),
  );
  const send = (amount: number, until: string): void =>
    raise.mutate({ app: app.id, limit: limitKeyOf(limit), amount, until });
  const read = readRaise(limit, draft);
  return (
    <Dialog isOpen onClose={onClose} title={text.title(limitWords(limit))} size={540}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (read.raise) send(read.raise.amount, read.raise.until);
        }}
      >
        <Stack gap="md">
          <p className="tg-dialog-lead">
            {text.lead}
            {limit.raise &&
              ` ${text.replaces(amountOf(limit.metric, limit.raise.amount), nearTime(limit.raise.until, zone, nowMs))}`}
          </p>
          <div className="tg-raise-presets">
            {presetsFor(limit).map((amount, at) => (
              <Button
                key={amount}
                variant="default"
                disabled={raise.isPending}
                onClick={() => send(amount, 'midnight')}
                data-autofocus={at === 0 || undefined}
              >
                {text.preset(presetWords(limit, amount))}
              </Button>
            ))}
          </div>
          <fieldset className="tg-raise-own">
            <legend>{text.own}</legend>
            <TextInput
              label={text.amount}
              value={draft.amount}
              onChange={({ currentTarget }) => setDraft({ ...draft, amount: currentTarget.value })}
              leftSection={limit.metric === 'usd' ? limitEditText.dollar : null}
              placeholder={amountText(limit.metric, presetsFor(limit)[0] ?? 1)}
              error={isTried ? read.problems.amount : null}
              inputMode="decimal"
              autoComplete="off"
            />
            <NativeSelect
              label={text.until}
              value={draft.until}
              onChange={({ currentTarget }) => {
                const until = untilsFor(limit).find((each) => each === currentTarget.value);
                if (until) setDraft({ ...draft, until });
              }}
              data={untilsFor(limit).map((value) => ({ value, label: text.untilList[value] }))}
            />
            {draft.until === 'date' && (
              <TextInput
                type="date"
                label={text.date}
                value={draft.day}
                onChange={({ currentTarget }) => setDraft({ ...draft, day: currentTarget.value })}
                error={isTried ? read.problems.day : null}
              />
            )}
          </fieldset>
          {read.raise && (
            <p className="tg-dialog-lead" aria-live="polite">
              {text.result(amountOf(limit.metric, limit.amount + read.raise.amount), read.raise.words)}
            </p>
          )}
          <CallError error={raise.error} />
          <DialogFoot submit={text.submit} isPending={raise.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
