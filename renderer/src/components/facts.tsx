import type { ReactNode } from 'react';
import { commonText } from '../text/common.ts';
import './facts.css';

/** Names and values under one another. */
export function Facts({ children }: { readonly children: ReactNode }): ReactNode {
  return <dl className="tg-facts">{children}</dl>;
}

/** One of them; a dash where there is nothing. */
export function Fact({ name, value }: { readonly name: string; readonly value: ReactNode }): ReactNode {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value === null || value === '' ? <span className="tg-dim">{commonText.none}</span> : value}</dd>
    </div>
  );
}
