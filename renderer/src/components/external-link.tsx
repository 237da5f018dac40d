import { Anchor } from '@mantine/core';
import { IconExternalLink } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { knownLink } from '../../../proxy/contract/links.ts';
import { commonText } from '../text/common.ts';

export interface ExternalLinkProps {
  /** One of `LINKS` of the contract: the desktop opens no others, and anything else stays plain text. */
  readonly href: string;
  readonly children: ReactNode;
}

export function ExternalLink({ href, children }: ExternalLinkProps): ReactNode {
  const known = knownLink(href);
  if (known === null) return <span>{children}</span>;
  return (
    <Anchor href={known} target="_blank" rel="noreferrer" inherit>
      {children} <IconExternalLink size={13} aria-hidden="true" />
      <span className="tg-hidden">{commonText.newWindow}</span>
    </Anchor>
  );
}
