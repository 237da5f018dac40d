/**
 * `npm run icons:build`: makes every icon from build/icon.svg. With `--check` it writes nothing and fails
 * when a file is not what it would write.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ICON_FILES } from './icons/icon-plan.ts';
import { loadRenderer, renderIcon } from './icons/render-icon.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const check = process.argv.includes('--check');
const drawing = readFileSync(`${root}build/icon.svg`, 'utf8');

await loadRenderer();
for (const file of ICON_FILES) {
  const wanted = await renderIcon(drawing, file);
  const path = `${root}${file.path}`;
  if (!check) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, wanted);
  } else if (!readFileSync(path).equals(wanted)) {
    console.error(`${file.path} is not what build/icon.svg makes; run \`npm run icons:build\`.`);
    process.exitCode = 1;
  }
}
if (!check) console.log(`wrote ${ICON_FILES.length} icon files`);
