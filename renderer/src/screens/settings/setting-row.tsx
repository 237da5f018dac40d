import type { ReactNode } from 'react';

export interface SettingRowProps {
  readonly name: ReactNode;
  readonly hint?: ReactNode;
  readonly children?: ReactNode;
}

/** One setting: what it is at the left, its control at the right. */
export function SettingRow({ name, hint, children }: SettingRowProps): ReactNode {
  return (
    <div className="tg-setting">
      <div>
        <div className="tg-setting-name">{name}</div>
        {hint !== undefined && <div className="tg-dim">{hint}</div>}
      </div>
      <div className="tg-setting-control">{children}</div>
    </div>
  );
}
