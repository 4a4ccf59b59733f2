// Headless Chromium from npm: its binary, libraries and fonts are unpacked into TMPDIR; nothing of the system's is needed.

import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(new URL('../clients/package.json', import.meta.url));
const { default: puppeteer } = require('puppeteer-core');
const { default: chromium, inflate } = require('@sparticuz/chromium');

const archives = join(dirname(require.resolve('@sparticuz/chromium')), '..', 'bin');

const flags = [
  // Chromium refuses to sandbox itself as root, and in most containers.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--no-default-browser-check',
  '--no-pings',
  '--font-render-hinting=none',
];

/** A browser with a fresh profile that writes every request of every process to the file `netLog`. */
export async function launch(netLog) {
  const [executablePath] = await Promise.all([
    chromium.executablePath(archives),
    inflate(join(archives, 'al2023.tar.br')),
  ]);
  return puppeteer.launch({
    executablePath,
    headless: 'shell',
    args: [...flags, `--log-net-log=${netLog}`],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(tmpdir(), 'al2023', 'lib'),
      FONTCONFIG_FILE: fileURLToPath(new URL('fonts.conf', import.meta.url)),
      XDG_CACHE_HOME: tmpdir(),
      XDG_DATA_HOME: tmpdir(),
    },
  });
}
