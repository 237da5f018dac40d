import { useCallback, useState } from 'react';

/** Something that this browser remembers about how its user likes the log; no other place knows of it. */
export function useStored<Value>(
  key: string,
  parse: (stored: unknown) => Value,
): readonly [Value, (value: Value) => void] {
  const [value, setValue] = useState(() => parse(readStored(key)));
  const store = useCallback(
    (next: Value) => {
      setValue(next);
      try {
        localStorage.setItem(key, JSON.stringify(next));
      } catch {
        // A browser that stores nothing remembers it as long as the screen is open.
      }
    },
    [key],
  );
  return [value, store];
}

function readStored(key: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}
