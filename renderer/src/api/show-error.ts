import { notifications } from '@mantine/notifications';
import { describeError } from './errors.ts';

/** For what was asked for and has no place of its own to say why it failed. */
export function showError(error: unknown): void {
  const { what, next } = describeError(error);
  notifications.show({ color: 'red', title: what, message: next });
}
