import type { components } from '@shared/api/mobile'
import { shallowRef, type ShallowRef } from 'vue'

/** The act that a proof is for. */
export type Purpose = components['schemas']['NewStepUp']['purpose']

/** A person is being asked to prove themselves; `answer` ends it. */
export type Asked = { purpose: Purpose; why: string | undefined; answer: (proof: string | undefined) => void }

const asked = shallowRef<Asked>()

/**
 * Asks the person to prove once more that it is them. The sheet is the frame's: a page only asks.
 *
 *   const { prove } = useStepUp()
 *   const proof = await prove('limits.raise')
 *   if (proof === undefined) return                       // they turned back
 *   await ask(api.PUT('/limits', { body, headers: provenBy(proof) }))
 *
 * A proof serves once, in this session, for this purpose, for a few minutes. `why` is a sentence in place of the purpose's own.
 */
export function useStepUp(): { prove: (purpose: Purpose, why?: string) => Promise<string | undefined> } {
  return { prove }
}

/** For the frame, which shows the sheet while this is set. */
export function useAsked(): Readonly<ShallowRef<Asked | undefined>> {
  return asked
}

function prove(purpose: Purpose, why?: string): Promise<string | undefined> {
  asked.value?.answer(undefined)
  return new Promise((done) => {
    const mine: Asked = {
      purpose,
      why,
      answer: (proof) => {
        if (asked.value === mine) asked.value = undefined
        done(proof)
      },
    }
    asked.value = mine
  })
}
