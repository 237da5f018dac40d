import { type ReactNode, useId } from 'react';
import './choice.css';

export interface ChoiceOption<Value extends string> {
  readonly value: Value;
  readonly title: string;
  /** What choosing it means, in one line. */
  readonly what: string;
}

export interface ChoiceProps<Value extends string> {
  readonly label: string;
  readonly isLabelHidden?: boolean;
  readonly value: Value;
  readonly options: readonly ChoiceOption<Value>[];
  onChange(value: Value): void;
  readonly isDisabled?: boolean;
  /** Whether a dialog begins here. */
  readonly isFocused?: boolean;
}

/** One of a few, each with its consequence beside it. */
export function Choice<Value extends string>(props: ChoiceProps<Value>): ReactNode {
  const {
    label,
    isLabelHidden = false,
    value,
    options,
    onChange,
    isDisabled = false,
    isFocused = false,
  } = props;
  const name = useId();
  return (
    <fieldset className="tg-choice" disabled={isDisabled}>
      <legend className={isLabelHidden ? 'tg-hidden' : undefined}>{label}</legend>
      <div>
        {options.map((option) => (
          <label key={option.value} data-checked={option.value === value || undefined}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
              aria-describedby={`${name}-${option.value}`}
              aria-label={option.title}
              data-autofocus={(isFocused && option.value === value) || undefined}
            />
            <span>
              <b>{option.title}</b>
              <span id={`${name}-${option.value}`}>{option.what}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
