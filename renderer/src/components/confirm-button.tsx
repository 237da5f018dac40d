import { Button, type ButtonProps, Popover, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { commonText } from '../text/common.ts';

export interface ConfirmButtonProps extends Omit<ButtonProps, 'children'> {
  readonly children: ReactNode;
  /** What will happen, in one sentence. */
  readonly question: string;
  /** The word on the button that does it: `Remove`. */
  readonly confirmLabel: string;
  /** Red unless it makes things safer. */
  readonly confirmColor?: 'red' | 'toll';
  onConfirm(): void;
}

/** Asks once, beside the button, before something that cannot be taken back. */
export function ConfirmButton(props: ConfirmButtonProps): ReactNode {
  const { children, question, confirmLabel, confirmColor = 'red', onConfirm, ...button } = props;
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover opened={isOpen} onChange={setOpen} trapFocus withRoles shadow="md" width={280}>
      <Popover.Target>
        <Button variant="default" {...button} onClick={() => setOpen(!isOpen)}>
          {children}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm">
          <Text size="sm">{question}</Text>
          <Button.Group>
            <Button variant="default" fullWidth onClick={() => setOpen(false)}>
              {commonText.cancel}
            </Button>
            <Button
              color={confirmColor}
              fullWidth
              onClick={() => {
                setOpen(false);
                onConfirm();
              }}
            >
              {confirmLabel}
            </Button>
          </Button.Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
