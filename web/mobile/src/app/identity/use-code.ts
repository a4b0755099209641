import { api } from '@app/api'
import { ask } from '@shared/api/client'
import type { components } from '@shared/api/mobile'
import { useAct, type Doing } from '@shared/use/act'
import { useCountdown } from '@shared/use/countdown'
import { ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'

type NewCode = components['schemas']['NewCode']
type Sent = Pick<components['schemas']['SentCode'], 'challengeId' | 'sentTo' | 'resendAfterSeconds'>

export type Code = {
  sent: Readonly<ShallowRef<Sent | undefined>>
  typed: Ref<string>
  state: Readonly<ShallowRef<Doing>>
  /** Seconds until the bank sends another, when it has just refused to. */
  wait: ComputedRef<number>
  /** Sends a code; tells whether it is on its way. Without an argument: another one to the same place. */
  send: (to?: Omit<NewCode, 'purpose'>) => Promise<boolean>
  /** A code that the bank sent by itself. */
  take: (sent: Sent) => void
  /** As the bank wants it back. */
  answer: () => components['schemas']['CodeAnswer']
}

/** One-time codes of a purpose: sending, sending again, and the answer. */
export function useCode(purpose: NewCode['purpose']): Code {
  const sent = shallowRef<Sent>()
  const typed = ref('')
  const { left: wait, start } = useCountdown()
  let last: Omit<NewCode, 'purpose'> = {}
  const { state, run } = useAct((to: Omit<NewCode, 'purpose'>) => ask(api.POST('/codes', { body: { purpose, ...to } })))

  async function send(to: Omit<NewCode, 'purpose'> = last): Promise<boolean> {
    last = to
    const answer = await run(to)
    if (answer === undefined) {
      if (state.value.status === 'failed') start(state.value.problem.retryAfter ?? 0)
      return false
    }
    take(answer)
    return true
  }
  function take(answer: Sent): void {
    sent.value = answer
    typed.value = ''
  }
  return { sent, typed, state, wait, send, take, answer: () => ({ challengeId: sent.value?.challengeId ?? '', code: typed.value }) }
}

/** Whether a refusal is about the code that was typed. */
export function isOfCode(problemCode: string): boolean {
  return problemCode.startsWith('auth.code_')
}
