import { ownProblem, ProblemError } from './problem'

/**
 * Passkeys (WebAuthn) between the bank's JSON and the browser's bytes. Written out, because the browsers' own functions
 * for it (toJSON, parseRequestOptionsFromJSON) are newer than the browsers that the apps serve.
 */
export type PasskeyOptions = { challengeId: string; options: Readonly<Record<string, unknown>> }
export type PasskeyAnswer = { challengeId: string; credential: Record<string, unknown> }

/** Whether this browser knows passkeys at all; the bank's address must also be a secure one. */
export function passkeysHere(): boolean {
  return typeof globalThis.PublicKeyCredential === 'function' && typeof navigator.credentials === 'object'
}

/** Asks the person for a passkey of this bank. Throws `client.passkey_cancelled` when they turn back or have none. */
export async function askPasskey({ challengeId, options }: PasskeyOptions, signal?: AbortSignal): Promise<PasskeyAnswer> {
  const publicKey = requestOptions(options)
  const credential = await attempt(() => navigator.credentials.get({ publicKey, ...(signal === undefined ? {} : { signal }) }))
  const { response } = credential
  if (!(response instanceof AuthenticatorAssertionResponse)) throw refused()
  return {
    challengeId,
    credential: {
      ...common(credential),
      response: {
        clientDataJSON: encode(response.clientDataJSON),
        authenticatorData: encode(response.authenticatorData),
        signature: encode(response.signature),
        ...(response.userHandle === null ? {} : { userHandle: encode(response.userHandle) }),
      },
    },
  }
}

/** Has the device make a passkey. Throws `client.passkey_exists` when it holds one already. */
export async function makePasskey({ challengeId, options }: PasskeyOptions): Promise<PasskeyAnswer> {
  const publicKey = creationOptions(options)
  const credential = await attempt(() => navigator.credentials.create({ publicKey }))
  const { response } = credential
  if (!(response instanceof AuthenticatorAttestationResponse)) throw refused()
  return {
    challengeId,
    credential: {
      ...common(credential),
      response: { clientDataJSON: encode(response.clientDataJSON), attestationObject: encode(response.attestationObject), transports: response.getTransports() },
    },
  }
}

function common(credential: PublicKeyCredential): Record<string, unknown> {
  const attachment = credential.authenticatorAttachment
  return {
    id: credential.id,
    rawId: encode(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    ...(attachment === null ? {} : { authenticatorAttachment: attachment }),
  }
}

async function attempt(act: () => Promise<Credential | null>): Promise<PublicKeyCredential> {
  if (!passkeysHere()) throw new ProblemError(ownProblem('client.passkey_missing'))
  let credential: Credential | null
  try {
    credential = await act()
  } catch (thrown) {
    throw thrown instanceof DOMException && thrown.name === 'InvalidStateError' ? new ProblemError(ownProblem('client.passkey_exists')) : refused()
  }
  if (!(credential instanceof PublicKeyCredential)) throw refused()
  return credential
}

/** The browser does not tell why, so that a page cannot find out what a person has: turned back, timed out, none here. */
function refused(): ProblemError {
  return new ProblemError(ownProblem('client.passkey_cancelled'))
}

function requestOptions(options: PasskeyOptions['options']): PublicKeyCredentialRequestOptions {
  const given = inner(options)
  return {
    ...given,
    challenge: bytes(given['challenge']),
    ...(given['allowCredentials'] === undefined ? {} : { allowCredentials: descriptors(given['allowCredentials']) }),
  }
}

function creationOptions(options: PasskeyOptions['options']): PublicKeyCredentialCreationOptions {
  const given = inner(options)
  const user = record(given['user'])
  return {
    ...(given as Omit<PublicKeyCredentialCreationOptions, 'challenge' | 'user'>), // the bank's: WebAuthn's own names, only its bytes are base64url
    challenge: bytes(given['challenge']),
    user: { id: bytes(user['id']), name: String(user['name']), displayName: String(user['displayName']) },
    excludeCredentials: descriptors(given['excludeCredentials'] ?? []),
  }
}

function inner(options: PasskeyOptions['options']): Record<string, unknown> {
  return record(options['publicKey'])
}

function descriptors(list: unknown): PublicKeyCredentialDescriptor[] {
  if (!Array.isArray(list)) throw unreadable()
  return list.map((entry: unknown) => {
    const { id, transports } = record(entry)
    return { type: 'public-key', id: bytes(id), ...(Array.isArray(transports) ? { transports: transports as AuthenticatorTransport[] } : {}) } // browsers pass over names that they do not know
  })
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null) throw unreadable()
  return value as Record<string, unknown>
}

function bytes(text: unknown): Uint8Array<ArrayBuffer> {
  if (typeof text !== 'string') throw unreadable()
  return decode(text)
}

function unreadable(): ProblemError {
  return new ProblemError(ownProblem('client.unreadable'))
}

/** Base64url without padding, as WebAuthn writes bytes. */
export function encode(buffer: ArrayBuffer): string {
  let text = ''
  for (const byte of new Uint8Array(buffer)) text += String.fromCharCode(byte)
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

export function decode(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0))
}
