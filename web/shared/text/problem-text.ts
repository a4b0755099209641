import type { Problem } from '../api/problem'
import { useText, type Messages, type Text } from '../i18n/text'
import { common } from './common'

/**
 * The sentence that a person reads for a problem: the page's own (`problem.<code>` of its text), else the common one,
 * else what the server wrote in the person's language, else one by kind.
 */
export function useProblemText<M extends Messages>(own?: Text<M>): (problem: Problem) => string {
  const t = useText(common)
  return (problem) => {
    const key = `problem.${problem.code}`
    if (own?.has(key)) return own.read(key)
    if (common.has(key)) return common.read(key as 'problem.other') // has() just said that the key is one of them
    if (problem.status === 429 || problem.status === 503) return t('problem.busy', { seconds: problem.retryAfter ?? 30 })
    if (problem.status >= 500) return t('problem.server')
    if (problem.title !== '' && problem.title !== problem.code) return problem.title
    if (problem.status === 403) return t('problem.denied')
    return t(problem.status === 404 ? 'problem.missing' : 'problem.other')
  }
}
