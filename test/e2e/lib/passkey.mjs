// A passkey without a finger: Chromium's virtual authenticator, through the DevTools protocol.

/**
 * Gives a page an authenticator that is built in (like a phone's fingerprint) and says yes.
 * @param {import('playwright-core').Page} page
 */
export async function addAuthenticator(page) {
  const session = await page.context().newCDPSession(page)
  await session.send('WebAuthn.enable')
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      ctap2Version: 'ctap2_1',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  return {
    /** The passkeys that it holds. */
    async credentials() {
      return (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials
    },
    /** From now on the person's finger is not recognised (or is again). */
    recognises(yes) {
      return session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: yes })
    },
    remove() {
      return session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId })
    },
  }
}
