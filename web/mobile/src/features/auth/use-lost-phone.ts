import { api } from '@app/api'
import type { Photo } from '@app/identity/photo'
import { isOfCode, useCode, type Code } from '@app/identity/use-code'
import { ask } from '@shared/api/client'
import type { Problem } from '@shared/api/problem'
import { useAct, type Doing } from '@shared/use/act'
import { reactive, ref, shallowReactive, type Ref, type ShallowRef } from 'vue'

export const steps = ['phone', 'code', 'identity', 'document', 'face'] as const
export type Step = (typeof steps)[number] | 'done'

export type LostPhone = {
  step: Ref<Step>
  form: { phone: string; name: string; number: string }
  photos: { front: Photo | undefined; back: Photo | undefined; face: Photo | undefined }
  code: Code
  state: Readonly<ShallowRef<Doing>>
  sendCode: () => Promise<void>
  replace: () => Promise<void>
  back: () => boolean
}

/** Walks who has neither phone nor session from a new number, by document and face, to the account that is theirs. */
export function useLostPhone(): LostPhone {
  const step = ref<Step>('phone')
  const form = reactive<LostPhone['form']>({ phone: '', name: '', number: '' })
  const photos = shallowReactive<LostPhone['photos']>({ front: undefined, back: undefined, face: undefined })
  const code = useCode('lost_phone')
  const { state, run } = useAct(async () => {
    const image = (which: keyof typeof photos) => photos[which]?.image ?? ''
    await ask(api.POST('/phone-replacements', { body: { ...code.answer(), name: form.name.trim(), idNumber: form.number, documentFront: image('front'), documentBack: image('back'), faceImage: image('face') } }))
    return true
  })

  async function sendCode(): Promise<void> {
    if (await code.send({ phone: form.phone })) step.value = 'code'
  }

  async function replace(): Promise<void> {
    if ((await run()) !== undefined) step.value = 'done'
    else if (state.value.status === 'failed') step.value = ownerOf(state.value.problem)
  }

  function back(): boolean {
    const before = steps[steps.findIndex((known) => known === step.value) - 1]
    if (before === undefined) return false
    step.value = before
    return true
  }
  return { step, form, photos, code, state, sendCode, replace, back }
}

/** The step that a refusal is about: one of the code, of a picture, or of who the person is. */
export function ownerOf({ code, fields }: Pick<Problem, 'code' | 'fields'>): Step {
  if (isOfCode(code)) return 'code'
  if ('documentFront' in fields || 'documentBack' in fields) return 'document'
  if (code.startsWith('customer.')) return 'identity'
  return 'face'
}
