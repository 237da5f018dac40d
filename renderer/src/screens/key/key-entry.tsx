import { Button, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { keyText } from '../../text/key.ts';
import { guessKey, isHopeless, type KeyGuess } from './guess-key.ts';

const { entry: text } = keyText;

export interface KeyEntryProps {
  readonly label: string;
  readonly submitLabel: string;
  readonly isBusy: boolean;
  /** The key is the caller's alone from here on: it is gone from the field before this is called. */
  onSubmit(key: string): void;
}

/**
 * Where a key is pasted. The field is not controlled, so that no state of the page holds the key, and it is
 * emptied as soon as it is sent, whatever becomes of it.
 */
export function KeyEntry({ label, submitLabel, isBusy, onSubmit }: KeyEntryProps): ReactNode {
  const field = useRef<HTMLInputElement>(null);
  const [guess, setGuess] = useState<KeyGuess>('empty');
  const isRefused = guess === 'admin' || guess === 'app-token';
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const input = field.current;
    if (!input || isBusy || isHopeless(guessKey(input.value))) return;
    const key = input.value;
    input.value = '';
    setGuess('empty');
    onSubmit(key);
  };
  return (
    <form className="tg-key-entry" onSubmit={submit} autoComplete="off">
      <TextInput
        ref={field}
        type="password"
        label={label}
        placeholder={text.placeholder}
        description={text.hint}
        inputWrapperOrder={['label', 'description', 'input', 'error']}
        error={isRefused ? text.guesses[guess] : undefined}
        autoComplete="off"
        spellCheck={false}
        data-autofocus
        data-1p-ignore
        data-lpignore="true"
        onInput={({ currentTarget }) => setGuess(guessKey(currentTarget.value))}
      />
      <div className="tg-key-entry-foot">
        <span className="tg-dim" role="status">
          {isRefused ? '' : text.guesses[guess]}
        </span>
        <Button type="submit" loading={isBusy} disabled={isHopeless(guess) && !isBusy}>
          {submitLabel}
        </Button>
      </div>
    </form>
  );
}
