import { Button, Group, Loader } from '@mantine/core';
import { IconCircle, IconCircleCheck } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { KeyStatus } from '../../../../proxy/contract/keys.ts';
import { LINKS } from '../../../../proxy/contract/links.ts';
import { ExternalLink } from '../../components/external-link.tsx';
import { Note } from '../../components/note.tsx';
import { keyText } from '../../text/key.ts';
import { KeyEntry } from './key-entry.tsx';
import { kindName } from './kind-name.ts';
import { type KeyChange, useKeyChange } from './use-key-change.ts';

const { change: text, first } = keyText;

export interface ChangeKeyProps {
  readonly status: KeyStatus;
  /** What is done after it has worked; absent where it stands in the screen itself. */
  readonly onClose?: () => void;
}

/** Stores the first key, or swaps it for a new one: checked before anything changes. */
export function ChangeKey({ status, onClose }: ChangeKeyProps): ReactNode {
  const [change, start] = useKeyChange(status);
  const isFirst = status.state === 'missing';
  const isBusy = change.step === 'checking' || change.step === 'swapping';
  if (change.step === 'done') return <Done change={change} onClose={onClose} />;
  return (
    <div className="tg-key-change">
      {change.step === 'failed' && (
        <Note tone="bad" role="alert" title={change.what}>
          {change.next} {!isFirst && text.stays}
        </Note>
      )}
      <KeyEntry
        label={isFirst ? keyText.entry.firstLabel : keyText.entry.label}
        submitLabel={isFirst ? first.submit : text.submit}
        isBusy={isBusy}
        onSubmit={start}
      />
      {isBusy && (
        <ol className="tg-steps" aria-label={text.steps.label} aria-live="polite">
          <Step state={change.step === 'checking' ? 'now' : 'done'} name={text.steps.check}>
            {change.step === 'swapping' && accepted(change)}
          </Step>
          <Step
            state={change.step === 'swapping' ? 'now' : 'later'}
            name={isFirst ? first.stored : text.steps.swap}
          />
        </ol>
      )}
    </div>
  );
}

type DoneChange = Extract<KeyChange, { step: 'done' }>;

function Done(props: { readonly change: DoneChange; readonly onClose: (() => void) | undefined }): ReactNode {
  const { change, onClose } = props;
  const isFirst = change.old === null;
  return (
    <div className="tg-key-change">
      <Note tone="good" role="status" title={isFirst ? first.done : text.done} />
      <ol className="tg-steps" aria-label={text.steps.label}>
        <Step state="done" name={text.steps.check}>
          {accepted(change)}
        </Step>
        <Step state="done" name={isFirst ? first.stored : text.steps.swap}>
          {text.newFingerprint(change.check.fingerprint)}
        </Step>
        {change.old !== null && (
          <Step state="later" name={text.steps.old}>
            {text.oldFingerprint(change.old)}
          </Step>
        )}
      </ol>
      <Group justify="space-between">
        {isFirst ? <span /> : <ExternalLink href={LINKS.openaiKeys}>{text.delete}</ExternalLink>}
        {onClose && <Button onClick={onClose}>{text.close}</Button>}
      </Group>
    </div>
  );
}

function accepted({ check }: Pick<DoneChange, 'check'>): string {
  return text.accepted(kindName(check.kind), check.models);
}

function Step(props: {
  readonly state: 'done' | 'now' | 'later';
  readonly name: string;
  readonly children?: ReactNode;
}): ReactNode {
  return (
    <li data-state={props.state}>
      {props.state === 'done' ? (
        <IconCircleCheck size={18} aria-hidden="true" />
      ) : props.state === 'now' ? (
        <Loader size={16} aria-hidden="true" />
      ) : (
        <IconCircle size={18} aria-hidden="true" />
      )}
      <span>
        {props.name}
        {props.children !== undefined && <small>{props.children}</small>}
      </span>
    </li>
  );
}
