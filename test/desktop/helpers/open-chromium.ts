import { type Browser, chromium as playwright } from '@playwright/test';
import chromium from '@sparticuz/chromium';

/**
 * A real Chromium, from a package; the caller closes it. Only `--no-sandbox`, which root needs: the other
 * switches that the package suggests would take away what the tests look at.
 */
export async function openChromium(): Promise<Browser> {
  return playwright.launch({ executablePath: await chromium.executablePath(), args: ['--no-sandbox'] });
}
