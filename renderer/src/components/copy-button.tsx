import { ActionIcon, Button, Tooltip } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { commonText } from '../text/common.ts';

const SHOWN_MS = 1_500;

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied, for screen readers and the tooltip: `Copy base URL`. */
  readonly label?: string;
  /** A button with its label instead of an icon. */
  readonly withLabel?: boolean;
}

export function CopyButton({ text, label = commonText.copy, withLabel = false }: CopyButtonProps): ReactNode {
  const [isCopied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(text);
      setCopied(true);
      setTimeout(() => setCopied(false), SHOWN_MS);
    } catch {
      notifications.show({ color: 'red', message: commonText.copyFailed });
    }
  };
  const shown = isCopied ? commonText.copied : label;
  const icon = isCopied ? <IconCheck size={15} /> : <IconCopy size={15} />;
  if (withLabel) {
    return (
      <Button variant="default" leftSection={icon} onClick={() => void copy()} aria-live="polite">
        {shown}
      </Button>
    );
  }
  return (
    <Tooltip label={shown}>
      <ActionIcon aria-label={shown} onClick={() => void copy()}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
