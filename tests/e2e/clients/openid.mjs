// An OpenID provider for tests: node openid.mjs REDIRECT_URI
// It listens on a free port, prints its issuer, and lets everybody in who gives a login name. The person
// "NAME" has the address NAME@masthead.test, verified unless the name begins with "unverified", and shows a
// second factor if it begins with "strong".
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import Provider from 'oidc-provider'

const jwk = (use, ...kind) => ({ ...generateKeyPairSync(...kind).privateKey.export({ format: 'jwk' }), ...use })
const keys = [
  jwk({ kid: 'rsa', alg: 'RS256', use: 'sig' }, 'rsa', { modulusLength: 2048 }),
  jwk({ kid: 'ec', alg: 'ES256', use: 'sig' }, 'ec', { namedCurve: 'P-256' }),
  jwk({ kid: 'ed', alg: 'EdDSA', use: 'sig' }, 'ed25519'),
]
const algorithms = ['RS256', 'ES256', 'EdDSA']
const client = (id_token_signed_response_alg) => ({
  client_id: id_token_signed_response_alg,
  client_secret: 'a secret that the provider knows',
  redirect_uris: [process.argv[2]],
  id_token_signed_response_alg,
})
const app = {
  client_id: 'app',
  token_endpoint_auth_method: 'none',
  redirect_uris: [process.argv[2]],
}

const person = (name) => ({
  sub: name,
  email: `${name}@masthead.test`,
  email_verified: !name.startsWith('unverified'),
  name: `The ${name}`,
  preferred_username: name,
})

const server = createServer()
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`
  const provider = new Provider(issuer, {
    clients: [...algorithms.map(client), app],
    jwks: { keys },
    cookies: { keys: ['a key of the test'] },
    enabledJWA: { idTokenSigningAlgValues: algorithms },
    claims: { openid: ['sub', 'amr'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
    findAccount: (_, name) => ({ accountId: name, claims: () => person(name) }),
    extraTokenClaims: (_, token) => person(token.accountId),
    features: {
      // Access tokens for Masthead itself, as JSON Web Tokens, for who asks for this resource.
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'openid',
          audience: 'masthead',
          accessTokenFormat: 'jwt',
          jwt: { sign: { alg: 'ES256' } },
        }),
      },
    },
  })
  const finish = provider.interactionFinished.bind(provider)
  provider.interactionFinished = (request, response, result, ...rest) => {
    if (result.login?.accountId.startsWith('strong')) result.login.amr = ['pwd', 'otp']
    return finish(request, response, result, ...rest)
  }
  server.on('request', provider.callback())
  console.log(issuer)
})
