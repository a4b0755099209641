import { api } from '@app/api'
import { contactBody, type ContactKind } from '@app/identity/contact'
import type { Photo } from '@app/identity/photo'
import { isOfCode, useCode, type Code } from '@app/identity/use-code'
import { ask } from '@shared/api/client'
import { useAct, type Doing } from '@shared/use/act'
import { reactive, ref, shallowRef, type Ref, type ShallowRef } from 'vue'

export type Step = 'contact' | 'code' | 'identity' | 'face' | 'password' | 'done'
export const steps = ['contact', 'code', 'identity', 'face', 'password'] as const

export type PasswordReset = {
  step: Ref<Step>
  form: { kind: ContactKind; contact: string; name: string; number: string; password: string }
  face: ShallowRef<Photo | undefined>
  code: Code
  state: Readonly<ShallowRef<Doing>>
  sendCode: () => Promise<void>
  reset: () => Promise<void>
  back: () => boolean
}

/** Walks who has forgotten the password from contact, document and face to a new one. */
export function usePasswordReset(): PasswordReset {
  const step = ref<Step>('contact')
  const form = reactive<PasswordReset['form']>({ kind: 'phone', contact: '', name: '', number: '', password: '' })
  const face = shallowRef<Photo>()
  const code = useCode('password_reset')
  const { state, run } = useAct(() =>
    ask(api.POST('/password-resets', { body: { ...code.answer(), name: form.name.trim(), idNumber: form.number, faceImage: face.value?.image ?? '', newPassword: form.password } })),
  )

  async function sendCode(): Promise<void> {
    if (await code.send(contactBody(form.kind, form.contact))) step.value = 'code'
  }

  async function reset(): Promise<void> {
    await run()
    if (state.value.status === 'idle') step.value = 'done'
    else if (state.value.status === 'failed') step.value = ownerOf(state.value.problem.code)
  }

  function back(): boolean {
    const at = steps.findIndex((known) => known === step.value)
    const before = steps[at - 1]
    if (before === undefined) return false
    step.value = before
    return true
  }
  return { step, form, face, code, state, sendCode, reset, back }
}

/** The step that a refusal is about. */
export function ownerOf(refusal: string): Step {
  if (isOfCode(refusal)) return 'code'
  if (refusal === 'customer.no_face' || refusal.startsWith('image.') || refusal.startsWith('blob.')) return 'face'
  if (refusal.startsWith('customer.')) return 'identity'
  return 'password'
}
