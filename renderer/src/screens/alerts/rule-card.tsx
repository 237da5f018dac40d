import type { ReactNode } from 'react';

/** One thing that can be set, and what it does. */
export function RuleCard({
  title,
  what,
  children,
}: {
  readonly title: string;
  readonly what: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <section className="tg-card tg-rule">
      <h2>{title}</h2>
      <p>{what}</p>
      {children}
    </section>
  );
}
