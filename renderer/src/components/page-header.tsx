import { Group, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { commonText } from '../text/common.ts';
import './page-header.css';

export interface PageHeaderProps {
  readonly title: string;
  /** One line of what this screen is for. */
  readonly lead?: ReactNode;
  /** What can be done here, the main thing last. */
  readonly actions?: ReactNode;
}

/** The one h1 of a screen, which also names the window. */
export function PageHeader({ title, lead, actions }: PageHeaderProps): ReactNode {
  useEffect(() => {
    document.title = `${title} · ${commonText.product}`;
  }, [title]);
  return (
    <div className="tg-page-header">
      <div>
        <Title order={1}>{title}</Title>
        {lead !== undefined && <div className="tg-page-lead">{lead}</div>}
      </div>
      {actions !== undefined && <Group gap="xs">{actions}</Group>}
    </div>
  );
}
