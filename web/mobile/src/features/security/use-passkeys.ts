import { api } from '@app/api'
import { useStepUp } from '@app/step-up'
import { ask, provenBy } from '@shared/api/client'
import type { components } from '@shared/api/mobile'
import { makePasskey } from '@shared/api/passkey'
import { useAct, type Doing } from '@shared/use/act'
import { useLoad, type Load } from '@shared/use/load'
import { shallowRef, type ShallowRef } from 'vue'

type Passkey = components['schemas']['Passkey']
type Options = components['schemas']['PasskeyOptions']

export type Passkeys = Pick<Load<readonly Passkey[]>, 'state' | 'reload'> & {
  /** Everything is ready: the next tap makes it. Browsers make passkeys only right after a tap. */
  making: Readonly<ShallowRef<{ options: Options; proof: string } | undefined>>
  doing: Readonly<ShallowRef<Doing>>
  begin: () => Promise<void>
  make: () => Promise<Passkey | undefined>
  remove: (id: string) => Promise<boolean>
  cancel: () => void
}

/** Lists, adds and removes passkeys. */
export function usePasskeys(): Passkeys {
  const { state, reload } = useLoad<readonly Passkey[]>(async (signal) => (await ask(api.GET('/passkeys', { signal }))).items)
  const making = shallowRef<{ options: Options; proof: string }>()
  const { prove } = useStepUp()
  const { state: doing, run, clear } = useAct((act: () => Promise<Passkey | undefined>) => act())

  async function begin(): Promise<void> {
    clear()
    const proof = await prove('passkeys.change')
    if (proof === undefined) return
    await run(async () => {
      making.value = { options: await ask(api.POST('/passkeys/options')), proof }
      return undefined
    })
  }

  async function make(): Promise<Passkey | undefined> {
    const ready = making.value
    if (ready === undefined) return undefined
    const made = await run(async () => ask(api.POST('/passkeys', { body: await makePasskey(ready.options), headers: provenBy(ready.proof) })))
    // A proof or a question of the bank that has expired is made anew by beginning again.
    if (made !== undefined || (doing.value.status === 'failed' && doing.value.problem.status > 0)) making.value = undefined
    if (made !== undefined) await reload()
    return made
  }

  async function remove(id: string): Promise<boolean> {
    const proof = await prove('passkeys.change')
    if (proof === undefined) return false
    await run(async () => {
      await ask(api.DELETE('/passkeys/{id}', { params: { path: { id } }, headers: provenBy(proof) }))
      return undefined
    })
    await reload()
    return doing.value.status === 'idle'
  }

  return { state, reload, making, doing, begin, make, remove, cancel: () => (making.value = undefined) }
}
