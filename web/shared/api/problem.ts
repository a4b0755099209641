/** What went wrong: the bank's problem+json (RFC 9457 with a stable code), and in the same shape what the browser itself finds out. */
export type Problem = {
  /** Stable: "auth.wrong_password", "client.offline". */
  code: string
  /** A sentence in the person's language, as the server wrote it; for the browser's own problems the code. */
  title: string
  /** 0 when no answer came. */
  status: number
  /** Wrong fields by name: "phone", "payee.phone". */
  fields: Readonly<Record<string, FieldProblem>>
  /** Values of the sentence, such as a limit or the tries that are left. */
  params: Readonly<Record<string, string>>
  /** Seconds to wait, when the server said so. */
  retryAfter?: number | undefined
  /** Under which the bank finds the request in its logs. */
  trace?: string | undefined
}

export type FieldProblem = { code: string; title: string }

/** A thrown problem. A class only because what is thrown must be an Error. */
export class ProblemError extends Error {
  readonly problem: Problem
  constructor(problem: Problem) {
    super(problem.code)
    this.name = 'ProblemError'
    this.problem = problem
  }
}

/** The problem in anything that was thrown; what is not one is a fault of this app. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof ProblemError) return thrown.problem
  if (thrown instanceof DOMException && thrown.name === 'TimeoutError') return ownProblem('client.timeout')
  if (thrown instanceof DOMException && thrown.name === 'AbortError') return ownProblem('client.cancelled')
  // fetch rejects with a TypeError for every network failure, each browser with words of its own.
  if (thrown instanceof TypeError && /fetch|network|load failed/i.test(thrown.message)) return ownProblem(navigator.onLine ? 'client.network' : 'client.offline')
  return ownProblem('client.broken')
}

/** A problem that the browser found without an answer of the server. */
export function ownProblem(code: `client.${string}`): Problem {
  return { code, title: code, status: 0, fields: {}, params: {} }
}

/** True when nobody knows whether the act happened: ask again with the same idempotency key. */
export function isUnknownOutcome(problem: Problem): boolean {
  return problem.status === 0 || problem.status >= 500 || problem.code === 'client.unreadable'
}

/** Reads a problem+json answer; an answer in another shape becomes `client.unreadable`. */
export function readProblem(body: unknown, response: { status: number; headers: Headers }): Problem {
  const wait = readWait(response.headers)
  if (!isRecord(body) || typeof body['code'] !== 'string') return { ...ownProblem('client.unreadable'), status: response.status, ...wait }
  const { code, title, fields, params, trace } = body
  return {
    code,
    title: typeof title === 'string' ? title : code,
    status: response.status,
    fields: readFields(fields),
    params: isRecord(params) ? Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])) : {},
    trace: typeof trace === 'string' ? trace : undefined,
    ...wait,
  }
}

function readWait(headers: Headers): { retryAfter?: number } {
  const header = headers.get('Retry-After')
  const seconds = Number(header)
  return header !== null && Number.isFinite(seconds) ? { retryAfter: seconds } : {}
}

/** Fields as the server lists them: [{ "pointer": "/payee/phone", "code": "…", "title": "…" }]. */
function readFields(list: unknown): Record<string, FieldProblem> {
  const fields: Record<string, FieldProblem> = {}
  if (!Array.isArray(list)) return fields
  for (const entry of list as unknown[]) {
    if (!isRecord(entry) || typeof entry['pointer'] !== 'string' || typeof entry['code'] !== 'string') continue
    const { code, title } = entry
    fields[entry['pointer'].replace(/^\//, '').replaceAll('/', '.')] = { code, title: typeof title === 'string' ? title : code }
  }
  return fields
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
