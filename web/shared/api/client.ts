import createClient, { type Client, type Middleware } from 'openapi-fetch'
import { ownProblem, ProblemError, problemOf, readProblem, type Problem } from './problem'

/** What the app does about answers that concern all of it. */
export type Hooks = {
  /** The session is over: forget the person and lead to sign-in. Not called for a step-up or a failed sign-in. */
  signedOut: (problem: Problem) => void
  /** The server no longer speaks to this version of the app. */
  tooOld: () => void
}

/** Longest wait for an answer; a payment answers in well under a second, a slow mobile network may take several. */
const timeoutMs = 20_000
/** Version of the apps' side of the API; the server answers `client.too_old` to what it no longer serves. */
const clientVersion = '1'

/** The API, typed by the generated paths. Cookies carry the session. */
export function createApi<Paths extends object>(options: { app: 'mobile' | 'console'; baseUrl: string; hooks: Hooks; locale: () => string }): Client<Paths> {
  const client = createClient<Paths>({
    baseUrl: options.baseUrl,
    credentials: 'same-origin',
    fetch: (request) => timedFetch(request),
    querySerializer: { array: { style: 'form', explode: true } },
  })
  client.use(headers(options.app, options.locale), watch(options.hooks))
  return client
}

function headers(app: string, locale: () => string): Middleware {
  return {
    onRequest({ request }) {
      request.headers.set('Accept-Language', locale())
      // A page of another site cannot set this header: with the Origin check, that is the defence against forged requests.
      request.headers.set('X-Tongbao-Client', `${app}/${clientVersion}`)
      return request
    },
  }
}

function watch(hooks: Hooks): Middleware {
  return {
    async onResponse({ response }) {
      if (response.ok) return
      const problem = await peek(response)
      if (problem.code === 'client.too_old') hooks.tooOld()
      if (endsSession(problem)) hooks.signedOut(problem)
    },
  }
}

async function peek(response: Response): Promise<Problem> {
  try {
    return readProblem(await response.clone().json(), response)
  } catch {
    return readProblem(undefined, response)
  }
}

/** Of the 401 answers, the one that says that there is no session; others ask for a proof (`stepup.required`) or refuse one. */
export function endsSession(problem: Problem): boolean {
  return problem.status === 401 && problem.code === 'session.required'
}

async function timedFetch(request: Request): Promise<Response> {
  const clock = new AbortController()
  const timer = setTimeout(() => clock.abort(new DOMException('no answer in time', 'TimeoutError')), timeoutMs)
  const cancel = () => clock.abort(request.signal.reason)
  if (request.signal.aborted) cancel()
  else request.signal.addEventListener('abort', cancel, { once: true })
  try {
    return await fetch(request, { signal: clock.signal })
  } catch (thrown) {
    throw new ProblemError(problemOf(clock.signal.aborted ? clock.signal.reason : thrown))
  } finally {
    clearTimeout(timer)
    request.signal.removeEventListener('abort', cancel)
  }
}

type Answer<T> = { data?: T; error?: unknown; response: Response }

/**
 * Waits for an answer and gives its data; anything else is thrown as a ProblemError.
 *
 *   const account = await ask(api.GET('/accounts/{id}', { params: { path: { id } } }))
 */
export async function ask<T>(call: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>
  try {
    answer = await call
  } catch (thrown) {
    // An answer that says ok but is not JSON is unreadable; all else says itself what it is.
    throw new ProblemError(thrown instanceof SyntaxError ? ownProblem('client.unreadable') : problemOf(thrown))
  }
  if (answer.response.ok) return answer.data as T // a 204 has no data, and its T is undefined
  throw new ProblemError(readProblem(answer.error, answer.response))
}

/** A new idempotency key: made when a form opens, kept until its result is known. */
export function newKey(): string {
  return crypto.randomUUID()
}

/** The header that carries an idempotency key. */
export function onceOnly(key: string): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': key }
}

/** The header that carries a step-up proof; it is good for one act. */
export function provenBy(proof: string): { 'X-Tongbao-Proof': string } {
  return { 'X-Tongbao-Proof': proof }
}
