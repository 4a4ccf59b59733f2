// Uses passkeys as a person would, in a browser with an authenticator made of software, and reports what
// happened, as JSON on stdout.
// node passkeys.mjs BASE_URL EMAIL PASSWORD

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch } from './chromium.mjs';

const [base, email, password] = process.argv.slice(2);
const PAGE = '/a-page-of-the-test';
const TRANSPORT = 'COOKIE';

/** Serves an empty page of the server's own origin, on which to run what follows. */
async function open(page, origin) {
  await page.goto(origin + PAGE);
}

async function intercept(page) {
  await page.setRequestInterception(true);
  page.on('request', request =>
    request.url().endsWith(PAGE)
      ? request.respond({ contentType: 'text/html', body: '<!doctype html><title>Test</title>' })
      : request.continue(),
  );
}

/** An authenticator that is built in, keeps its keys, and knows the person by a touch that always comes. */
async function authenticator(page) {
  const session = await page.createCDPSession();
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    credentials: async () =>
      (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials,
    verify: isUserVerified =>
      session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified }),
  };
}

/** The data of an operation, or the code of its error. */
async function graphql(page, query, input) {
  const { data, errors } = await page.evaluate(
    async (query, variables) => {
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'GraphQL-Require-Preflight': '1' },
        body: JSON.stringify({ query, variables }),
      });
      return response.json();
    },
    query,
    input && { input },
  );
  return errors ? { code: errors[0].extensions.code } : data;
}

async function mutate(page, name, selection, input) {
  const type = `${name[0].toUpperCase()}${name.slice(1)}Input!`;
  const query = input
    ? `mutation($input: ${type}) { ${name}(input: $input) { ${selection} } }`
    : `mutation { ${name} { ${selection} } }`;
  const data = await graphql(page, query, input);
  return data.code ? data : data[name];
}

const me = page =>
  graphql(page, '{ me { username sessions { method strong current } secondFactors { passkeys { name } } } }');

const signOut = page => mutate(page, 'signOut', 'success');

const signIn = page =>
  mutate(page, 'signIn', 'tokens { accessToken } secondFactor { token methods passkeyOptions }', {
    email,
    password,
    transport: TRANSPORT,
  });

const create = (page, options) =>
  page.evaluate(async options => {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return (await navigator.credentials.create({ publicKey })).toJSON();
  }, options);

/** The assertion, or the name of the browser's own refusal. */
const get = (page, options) =>
  page.evaluate(async options => {
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
    try {
      return (await navigator.credentials.get({ publicKey })).toJSON();
    } catch (error) {
      return { refused: error.name };
    }
  }, options);

async function register(page) {
  const { token, options } = await mutate(page, 'startPasskeyRegistration', 'token options');
  const credential = await create(page, options);
  const input = { token, credential, name: 'Test key' };
  return mutate(page, 'finishPasskeyRegistration', 'id recoveryCodes', input);
}

async function signInByPasskey(page) {
  const { token, options } = await mutate(page, 'startPasskeySignIn', 'token options');
  const credential = await get(page, options);
  if (credential.refused) return credential;
  const input = { token, credential, transport: TRANSPORT };
  const done = await mutate(page, 'finishPasskeySignIn', 'tokens { accessToken }', input);
  const again = await mutate(page, 'finishPasskeySignIn', 'tokens { accessToken }', input);
  return { done, again };
}

async function completeByPasskey(page) {
  const { tokens, secondFactor } = await signIn(page);
  const before = await me(page);
  const { token, methods, passkeyOptions } = secondFactor;
  const passkey = await get(page, passkeyOptions);
  const input = { token, passkey, transport: TRANSPORT };
  const done = await mutate(page, 'completeSignIn', 'tokens { accessToken }', input);
  return { tokens, methods, before, done, me: await me(page) };
}

async function stepUp(page) {
  const { token, options } = await mutate(page, 'startPasskeyStepUp', 'token options');
  const credential = await get(page, options);
  return mutate(page, 'stepUp', 'success', { passkey: { token, credential } });
}

async function use(page) {
  const report = {};
  await intercept(page);
  const device = await authenticator(page);
  await open(page, base);
  report.password = { signIn: await signIn(page), me: await me(page) };
  report.registered = await register(page);
  report.kept = await device.credentials();
  await signOut(page);
  report.out = await me(page);
  report.passkey = { ...(await signInByPasskey(page)), me: await me(page) };
  await signOut(page);
  report.secondFactor = await completeByPasskey(page);
  report.stepUp = await stepUp(page);
  await signOut(page);
  await device.verify(false);
  report.unverified = await signInByPasskey(page);
  const { options } = await mutate(page, 'startPasskeySignIn', 'options');
  await open(page, base.replace('localhost', '127.0.0.1'));
  report.elsewhere = await get(page, options);
  return report;
}

const directory = await mkdtemp(join(tmpdir(), 'passkeys-'));
try {
  const browser = await launch(join(directory, 'net-log.json'));
  const report = await use(await browser.newPage()).finally(() => browser.close());
  console.log(JSON.stringify(report));
} finally {
  await rm(directory, { recursive: true });
}
