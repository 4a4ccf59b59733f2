// Headless Chromium from npm, with its own libraries and fonts: nothing of the system's is needed.

import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const clients = fileURLToPath(new URL('../clients', import.meta.url));
const require = createRequire(join(clients, 'package.json'));
const { default: puppeteer } = require('puppeteer-core');
const { default: chromium, inflate } = require('@sparticuz/chromium');

const archives = join(dirname(require.resolve('@sparticuz/chromium')), '..', 'bin');
const caches = join(clients, 'node_modules', '.cache');

const flags = [
  // Chromium refuses to sandbox itself as root, and in most containers.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-component-update',
  '--disable-domain-reliability',
  '--no-default-browser-check',
  '--no-pings',
];

/** Unpacks into `directory`; the package knows no other way to say where than TMPDIR. */
async function unpackInto(directory) {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = directory;
  await Promise.all([
    chromium.executablePath(archives),
    inflate(join(archives, 'al2023.tar.br')),
  ]);
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
}

/** The directory of the unpacked browser; it appears whole or not at all. */
async function unpacked() {
  const { devDependencies } = require('./package.json');
  const home = join(caches, `chromium-${devDependencies['@sparticuz/chromium']}`);
  if (!existsSync(home)) {
    await mkdir(caches, { recursive: true });
    const staging = await mkdtemp(join(caches, 'chromium-'));
    await unpackInto(staging);
    await rename(staging, home);
  }
  return home;
}

/** A browser with a fresh profile, all of whose processes write their requests to the file `netLog`. */
export async function launch(netLog) {
  const home = await unpacked();
  return puppeteer.launch({
    executablePath: join(home, 'chromium'),
    headless: 'shell',
    args: [...flags, `--log-net-log=${netLog}`],
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(home, 'al2023', 'lib'),
      FONTCONFIG_FILE: fileURLToPath(new URL('fonts.conf', import.meta.url)),
      XDG_CACHE_HOME: home,
      XDG_DATA_HOME: home,
    },
  });
}
