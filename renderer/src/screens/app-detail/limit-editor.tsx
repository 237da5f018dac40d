import { Button, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { AppView, LimitView } from '../../../../proxy/contract/apps.ts';
import { CallError } from '../../components/call-error.tsx';
import { ConfirmButton } from '../../components/confirm-button.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { draftOf, isSameLimit, limitKeyOf, newDraft, readDraft } from '../../components/limit-draft.ts';
import { LimitFields } from '../../components/limit-fields.tsx';
import { limitWords } from '../../format/limit-words.ts';
import { appLimitsText } from '../../text/app-limits.ts';
import { commonText } from '../../text/common.ts';
import { BacktestNote } from './backtest-note.tsx';
import { readThresholds, ThresholdFields, thresholdDraftOf } from './threshold-fields.tsx';
import { useSaveLimit } from './use-save-limit.ts';

const { editor: text } = appLimitsText;

export interface LimitEditorProps {
  readonly app: AppView;
  /** Null adds one. */
  readonly limit: LimitView | null;
  onClose(): void;
}

/** Adds, changes or removes a limit, and says what it would have done while it is typed in. */
// biome-ignore lint/style/noDefaultExport: React.lazy takes a default export
export default function LimitEditor({ app, limit, onClose }: LimitEditorProps): ReactNode {
  const [draft, setDraft] = useState(() => (limit ? draftOf(limit) : newDraft()));
  const [alerts, setAlerts] = useState(() => thresholdDraftOf(limit));
  const [isTried, setTried] = useState(false);
  const save = useSaveLimit(app, limit, onClose);

  const read = readDraft(draft);
  const others = app.limits
    .filter(({ id }) => id !== limit?.id)
    .map((each) => ({ ...limitKeyOf(each), amount: each.amount }));
  const isTaken = read.limit !== null && others.some((other) => isSameLimit(other, read.limit));
  const thresholds = readThresholds(alerts);
  const problem = isTaken ? text.exists : read.problem;
  const name = limit ? limitWords(limit) : '';
  return (
    <Dialog isOpen onClose={onClose} title={limit ? text.change(name) : text.add} size={620}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (read.limit && !isTaken && thresholds.problem === null) {
            save.save(read.limit, thresholds.percents);
          }
        }}
      >
        <Stack gap="lg">
          <LimitFields
            draft={draft}
            onChange={setDraft}
            problem={isTried || isTaken ? problem : null}
            isFocused
          />
          <BacktestNote app={app} limit={isTaken ? null : read.limit} others={others} />
          <ThresholdFields
            draft={alerts}
            problem={isTried ? thresholds.problem : null}
            onChange={setAlerts}
          />
          <CallError error={save.error} />
          <div className="tg-dialog-foot">
            {limit && (
              <ConfirmButton
                variant="subtle"
                color="red"
                c="var(--tg-bad)"
                question={text.removeQuestion(name)}
                confirmLabel={text.remove}
                loading={save.isRemoving}
                onConfirm={save.remove}
              >
                {text.remove}
              </ConfirmButton>
            )}
            <Button variant="default" onClick={onClose}>
              {commonText.cancel}
            </Button>
            <Button type="submit" loading={save.isSaving}>
              {limit ? text.save : text.create}
            </Button>
          </div>
        </Stack>
      </form>
    </Dialog>
  );
}
