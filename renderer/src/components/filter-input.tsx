import { TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';

export interface FilterInputProps {
  /** As it stands in the address. */
  readonly value: string;
  readonly label: string;
  readonly className?: string;
  /** Undefined when it is empty. */
  onChange(value: string | undefined): void;
}

/**
 * The filter of a screen, which `/` leads to. The address follows a moment after a key, so what is typed is
 * kept here as well: else the cursor would jump to the end. While nobody types, the address is followed.
 */
export function FilterInput({ value, label, className, onChange }: FilterInputProps): ReactNode {
  const [typed, setTyped] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (document.activeElement !== field.current) setTyped(value);
  }, [value]);
  return (
    <TextInput
      ref={field}
      data-filter
      type="search"
      aria-label={label}
      placeholder={label}
      spellCheck={false}
      leftSection={<IconSearch size={15} aria-hidden="true" />}
      value={typed}
      {...(className === undefined ? {} : { className })}
      onChange={({ currentTarget }) => {
        setTyped(currentTarget.value);
        onChange(currentTarget.value || undefined);
      }}
    />
  );
}
