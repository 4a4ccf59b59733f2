// Uses GraphiQL as a reader would and reports what happened, as JSON on stdout.
// node graphiql.mjs BASE_URL [SCREENSHOT_DIRECTORY]

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from './chromium.mjs';

const [base, screenshots] = process.argv.slice(2);

/** Console errors, exceptions and policy violations, as they come; a refused query is an answer, not a fault. */
async function watch(page, complaints) {
  page.on('pageerror', error => complaints.push(`exception: ${error.message}`));
  page.on('console', message => {
    const refused = message.location().url?.endsWith('/graphql');
    if (['error', 'warn'].includes(message.type()) && !refused) complaints.push(`console: ${message.text()}`);
  });
  page.on('requestfailed', request => complaints.push(`failed: ${request.url()}`));
  await page.exposeFunction('violated', directive => complaints.push(`policy: ${directive}`));
  await page.evaluateOnNewDocument(() =>
    document.addEventListener('securitypolicyviolation', event =>
      window.violated(`${event.violatedDirective} ${event.blockedURI}`),
    ),
  );
}

async function open(page, path) {
  const response = await page.goto(base + path, { waitUntil: 'networkidle0' });
  await page.waitForSelector('.graphiql-query-editor .view-line');
  return { status: response.status(), title: await page.title() };
}

/** Triggers a run and gives what the result pane then holds: the whole text as JSON, and the visible lines. */
async function run(page, trigger) {
  const answered = page.waitForResponse(
    response => response.request().method() === 'POST' && response.url().endsWith('/graphql'),
  );
  const [response] = await Promise.all([answered, trigger()]);
  const text = await page.waitForFunction(
    () => {
      const models = window.__MONACO.editor.getModels();
      return models.find(model => model.uri.path.endsWith('response.json')).getValue();
    },
  );
  const pane = await page.waitForFunction(() => {
    const lines = document.querySelector('.result-window .view-lines').innerText;
    return lines.trim() && lines.replaceAll('\u00a0', ' ');
  });
  return {
    result: JSON.parse(await text.jsonValue()),
    pane: await pane.jsonValue(),
    authorization: response.request().headers().authorization,
  };
}

async function chord(page, key) {
  await page.keyboard.down('Control');
  await page.keyboard.press(key);
  await page.keyboard.up('Control');
}

async function show(page, plugin) {
  await page.click(`button[aria-label="Show ${plugin}"]`);
}

async function explore(page) {
  await show(page, 'GraphiQL Explorer');
  await page.waitForSelector('.graphiql-explorer-root');
  return page.$eval('.graphiql-explorer-root', root => root.innerText);
}

/** In the page: the focused query editor begins with `title`. */
function shows(title) {
  const lines = document.querySelector('.graphiql-query-editor .monaco-editor.focused .view-lines');
  return lines?.innerText.replaceAll('\u00a0', ' ').startsWith(`# ${title}`);
}

/** Opens and runs every example with the keyboard alone. */
async function runExamples(page) {
  await show(page, 'Examples');
  await page.waitForSelector('.examples button');
  const results = {};
  for (const button of await page.$$('.examples button')) {
    const title = await button.$eval('strong', strong => strong.innerText);
    await button.focus();
    await page.keyboard.press('Enter');
    await page.waitForFunction(shows, {}, title);
    results[title] = (await run(page, () => chord(page, 'Enter'))).result;
    await shoot(page, title);
  }
  return results;
}

async function runWithToken(page) {
  await page.click('button[data-name="headers"]');
  await page.click('.graphiql-editor-tool .graphiql-editor:not(.hidden) .view-lines');
  await chord(page, 'a');
  // The editor closes the string and the object by itself.
  await page.keyboard.type('{"Authorization": "Bearer not-a-token');
  const { authorization } = await run(page, () => chord(page, 'Enter'));
  const history = await page.waitForFunction(storedHistory);
  return { authorization, history: await history.jsonValue() };
}

/** In the page: what the browser's storage remembers of the runs, once it knows of the latest. */
function storedHistory() {
  const { queries } = JSON.parse(localStorage.getItem('masthead:graphiql:queries')) ?? { queries: [] };
  return queries.at(-1)?.operationName === 'Me' && queries;
}

/** What the page and the text in its result pane look like to a reader whose system is dark or light. */
async function colours(page, scheme) {
  await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
  // The editor hears of it a moment later than the page.
  const theme = scheme === 'dark' ? 'vs-dark' : 'vs';
  await page.waitForSelector(`.result-window .monaco-editor.${theme}`);
  const colourOf = (selector, property) =>
    page.$eval(selector, (element, name) => getComputedStyle(element)[name], property);
  return {
    page: await colourOf('.graphiql-container', 'backgroundColor'),
    text: await colourOf('.result-window .monaco-editor', 'color'),
  };
}

async function shoot(page, name) {
  if (screenshots) await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

async function hostsIn(netLog) {
  const { events } = JSON.parse(await readFile(netLog, 'utf8'));
  const urls = events.map(event => event.params?.url).filter(url => /^(http|ws)s?:/.test(url));
  return [...new Set(urls.map(url => new URL(url).host))];
}

async function use(page) {
  const report = { complaints: [] };
  await watch(page, report.complaints);
  page.setDefaultTimeout(60_000);
  await page.setViewport({ width: 1280, height: 800 });
  report.page = await open(page, '/graphiql');
  report.clicked = await run(page, () => page.click('button.graphiql-execute-button'));
  await shoot(page, 'welcome');
  await page.click('.graphiql-query-editor .view-lines');
  report.pressed = await run(page, () => chord(page, 'Enter'));
  report.explorer = await explore(page);
  await shoot(page, 'explorer');
  report.examples = await runExamples(page);
  report.token = await runWithToken(page);
  report.light = await colours(page, 'light');
  report.dark = await colours(page, 'dark');
  await shoot(page, 'dark');
  report.endpoint = await open(page, '/graphql');
  return report;
}

const directory = await mkdtemp(join(tmpdir(), 'graphiql-'));
const netLog = join(directory, 'net-log.json');
try {
  const browser = await launch(netLog);
  const report = await use(await browser.newPage()).finally(() => browser.close());
  console.log(JSON.stringify({ ...report, hosts: await hostsIn(netLog) }));
} finally {
  await rm(directory, { recursive: true });
}
