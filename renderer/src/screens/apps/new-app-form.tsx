import { Button, Stack, TextInput } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { APP_MODES } from '../../../../proxy/contract/app-policy.ts';
import { CallError } from '../../components/call-error.tsx';
import { Choice } from '../../components/choice.tsx';
import { DialogFoot } from '../../components/dialog.tsx';
import { newDraft } from '../../components/limit-draft.ts';
import { LimitFields } from '../../components/limit-fields.tsx';
import { newAppText as text } from '../../text/new-app.ts';
import {
  LIMIT_PRESETS,
  type LimitPreset,
  type NewApp,
  type NewAppDraft,
  readNewApp,
} from './new-app-draft.ts';
import { NewAppRules } from './new-app-rules.tsx';
import './apps.css';

const PRESETS = Object.keys(LIMIT_PRESETS) as readonly LimitPreset[];

export interface NewAppFormProps {
  readonly draft: NewAppDraft;
  onChange(draft: NewAppDraft): void;
  readonly error: unknown;
  readonly isPending: boolean;
  onSubmit(app: NewApp): void;
  onCancel(): void;
}

export function NewAppForm(props: NewAppFormProps): ReactNode {
  const { draft, onChange, error, isPending, onSubmit, onCancel } = props;
  // Nobody is told of mistakes before they have tried to go on.
  const [isTried, setTried] = useState(false);
  const { app, problems } = readNewApp(draft);
  const set = (patch: Partial<NewAppDraft>): void => onChange({ ...draft, ...patch });
  const shown = (problem: string | null): string | null => (isTried ? problem : null);
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (app) onSubmit(app);
      }}
    >
      <Stack gap="lg">
        <TextInput
          label={text.name}
          description={text.nameHint}
          placeholder={text.namePlaceholder}
          value={draft.name}
          onChange={({ currentTarget }) => set({ name: currentTarget.value })}
          error={shown(problems.name)}
          maxLength={80}
          autoComplete="off"
          spellCheck={false}
          required
          withAsterisk={false}
          data-autofocus
        />
        <Choice
          label={text.mode}
          value={draft.mode}
          onChange={(mode) => set({ mode })}
          options={APP_MODES.map((value) => ({ value, ...text.modes[value] }))}
        />
        <section aria-label={text.limits}>
          <h3 className="tg-new-app-head">{text.limits}</h3>
          <p className="tg-new-app-hint">{draft.limits.length === 0 ? text.noLimits : text.limitsHint}</p>
          <div className="tg-new-app-limits">
            {draft.limits.map((limit) => (
              <LimitFields
                key={limit.id}
                draft={limit}
                problem={shown(problems.limits.get(limit.id) ?? null)}
                onChange={(changed) =>
                  set({ limits: draft.limits.map((each) => (each.id === limit.id ? changed : each)) })
                }
                onRemove={() => set({ limits: draft.limits.filter(({ id }) => id !== limit.id) })}
              />
            ))}
            <div className="tg-new-app-presets">
              <Button
                variant="default"
                leftSection={<IconPlus size={14} />}
                onClick={() => set({ limits: [...draft.limits, newDraft({ window: 'month' })] })}
              >
                {text.addLimit}
              </Button>
              {PRESETS.map((preset) => (
                <Button
                  key={preset}
                  variant="subtle"
                  color="gray"
                  onClick={() => set({ limits: withPreset(draft, preset) })}
                >
                  {text.presetList[preset]}
                </Button>
              ))}
            </div>
          </div>
        </section>
        <NewAppRules draft={draft} problems={problems} isTried={isTried} onChange={set} />
        <CallError error={error} />
        <DialogFoot submit={text.submit} isPending={isPending} onCancel={onCancel} />
      </Stack>
    </form>
  );
}

/** A preset takes the place of the hard dollars of the same time, and of an amount that was left empty. */
function withPreset(draft: NewAppDraft, preset: LimitPreset): NewAppDraft['limits'] {
  const { window, amount } = LIMIT_PRESETS[preset];
  const others = draft.limits.filter(
    (limit) =>
      limit.amount.trim() !== '' &&
      !(limit.metric === 'usd' && limit.enforce === 'hard' && limit.window === window),
  );
  return [...others, newDraft({ window, amount })];
}
