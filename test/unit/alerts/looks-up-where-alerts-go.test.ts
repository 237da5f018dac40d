import { expect, test } from 'vitest';
import { isNowhere, lookUpSomewhere } from '../../../proxy/alerts/webhook-address.ts';

test.each([
  '0.0.0.0',
  '0.1.2.3',
  '169.254.169.254',
  '169.254.0.1',
  '224.0.0.251',
  '255.255.255.255',
  '::',
  'fe80::1',
  'febf::1',
  'ff02::1',
  'fd00:ec2::254',
  '::ffff:169.254.169.254',
])('T2 nobody takes alerts at %s', (address) => {
  expect(isNowhere(address)).toBe(true);
});

test.each([
  '127.0.0.1',
  '10.1.2.3',
  '192.168.1.9',
  '172.16.0.1',
  '8.8.8.8',
  '::1',
  'fd12::1',
  '2606:4700::1',
])('%s may be a chat server', (address) => {
  expect(isNowhere(address)).toBe(false);
});

const lookUp = (name: string, all: boolean): Promise<unknown[]> =>
  new Promise((resolve) => {
    lookUpSomewhere(name, { all }, (...found) => resolve(found));
  });

test('a name is looked up at each connection, and one that leads nowhere is refused', async () => {
  expect(await lookUp('localhost', false)).toEqual([
    null,
    expect.stringMatching(/^(127\.|::1)/),
    expect.any(Number),
  ]);
  const [error, addresses] = await lookUp('localhost', true);
  expect(error).toBeNull();
  expect(addresses).toEqual(
    expect.arrayContaining([{ address: expect.any(String), family: expect.any(Number) }]),
  );
  // The system takes it for an address of its own kind.
  expect(await lookUp('0.0.0.0', false)).toMatchObject([{ code: 'ADDRESS_REFUSED' }, '', 0]);
  const [unknown] = await lookUp('no-such-name.invalid', true);
  expect(unknown).toBeInstanceOf(Error);
});
