import { api } from '@app/api'
import type { Photo } from '@app/identity/photo'
import { loadSession } from '@app/session'
import { ask } from '@shared/api/client'
import { isUnknownOutcome, problemOf, type Problem } from '@shared/api/problem'
import type { components } from '@shared/api/mobile'
import { useAct, type Doing } from '@shared/use/act'
import { useLoad, type Loaded } from '@shared/use/load'
import { computed, onScopeDispose, reactive, ref, shallowReactive, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'

export type Progress = components['schemas']['Verification']
export type Consent = components['schemas']['Consent']
export type Side = 'front' | 'back' | 'face'

/** What the page shows; where a verification stands decides it, unless the person looks at the beginning again. */
export type Screen = 'intro' | 'identity' | 'documents' | 'face' | 'review' | 'pending' | 'passed' | 'refused'

type Facts = { progress: Progress; biometrics: Consent | undefined }

/** How often a result is asked for: often at first, then seldom; a person may have to look. */
const askAfterMs = [1_500, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000]

export type Verification = {
  facts: Readonly<ShallowRef<Loaded<Facts>>>
  reload: (how?: 'fresh') => Promise<void>
  screen: ComputedRef<Screen>
  go: (to: Screen | undefined) => void
  form: { name: string; number: string }
  photos: Partial<Record<Side, Photo>>
  /** A picture that is on its way, or was refused. */
  uploads: Partial<Record<Side, Doing>>
  state: Readonly<ShallowRef<Doing>>
  start: () => Promise<void>
  upload: (side: Side, photo: Photo) => Promise<void>
  agree: () => Promise<void>
  submit: () => Promise<void>
}

/** @param more whoever is verified already wants to go on at once: he came for the next step, not to read that the last one passed */
export function useVerification(more = false): Verification {
  const { state: facts, reload, put } = useLoad<Facts>(async (signal) => {
    const [progress, consents] = await Promise.all([ask(api.GET('/verification', { signal })), ask(api.GET('/consents', { signal }))])
    return { progress, biometrics: consents.items.find(({ purpose }) => purpose === 'biometrics') }
  })
  const chosen = ref<Screen>()
  const goesOn = ref(more)
  const form = reactive({ name: '', number: '' })
  const photos = shallowReactive<Partial<Record<Side, Photo>>>({})
  const uploads = shallowReactive<Partial<Record<Side, Doing>>>({})
  const { state, run, clear } = useAct((what: () => Promise<Facts>) => what())
  const screen = computed(() => {
    const stands = facts.value.status === 'ready' ? screenOf(facts.value.data.progress) : 'intro'
    return chosen.value ?? (stands === 'passed' && goesOn.value ? 'identity' : stands)
  })

  function known(): Facts {
    return facts.value.status === 'ready' ? facts.value.data : { progress: { state: 'none', level: 0, hasFront: false, hasBack: false, hasFace: false, attemptsLeft: 0 }, biometrics: undefined }
  }
  function show(progress: Progress): Facts {
    const next = { ...known(), progress }
    put(next)
    return next
  }
  async function act(to: Screen | undefined, what: () => Promise<Facts>): Promise<void> {
    if ((await run(what)) === undefined) return
    chosen.value = to
    goesOn.value = false
  }

  const start = () => act('documents', async () => show(await ask(api.POST('/verification', { body: { name: form.name.trim(), idNumber: form.number } }))))
  const submit = () => act(undefined, async () => show(await ask(api.POST('/verification/submit'))))
  const agree = () => act('face', async () => {
    const { version = 1 } = known().biometrics ?? {}
    const { items } = await ask(api.PUT('/consents', { body: { choices: [{ purpose: 'biometrics', version, given: true }] } }))
    const next = { ...known(), biometrics: items.find(({ purpose }) => purpose === 'biometrics') }
    put(next)
    return next
  })

  async function upload(side: Side, photo: Photo): Promise<void> {
    photos[side] = photo
    uploads[side] = { status: 'busy' }
    try {
      show(await (side === 'face'
        ? ask(api.POST('/verification/face', { body: { image: photo.image } }))
        : ask(api.POST('/verification/documents', { body: { side, image: photo.image } }))))
      uploads[side] = { status: 'idle' }
    } catch (thrown) {
      const problem: Problem = problemOf(thrown)
      // The picture stays on the screen when nobody knows whether it arrived: the same one may be sent again.
      if (!isUnknownOutcome(problem)) delete photos[side]
      uploads[side] = { status: 'failed', problem }
    }
  }

  follow(facts, async () => {
    show(await ask(api.GET('/verification')))
  })
  watch(screen, (now, before) => {
    clear()
    if (now === 'passed' && before === 'pending') void loadSession('again')
  })
  return { facts, reload, screen, go: (to) => (chosen.value = to), form, photos, uploads, state, start, upload, agree, submit }
}

/** Asks again and again while the bank looks at it; a refused question is no answer, and the page may be left. */
function follow(facts: Readonly<ShallowRef<Loaded<Facts>>>, refresh: () => Promise<void>): void {
  const timer = shallowRef<ReturnType<typeof setTimeout>>()
  let asked = 0
  function wait(): void {
    timer.value = setTimeout(async () => {
      try {
        await refresh()
      } catch {
        next()
      }
    }, askAfterMs[Math.min(asked++, askAfterMs.length - 1)])
  }
  function next(): void {
    clearTimeout(timer.value)
    if (facts.value.status === 'ready' && isPending(facts.value.data.progress)) wait()
    else asked = 0
  }
  watch(facts, next, { immediate: true })
  onScopeDispose(() => clearTimeout(timer.value))
}

function isPending({ state }: Progress): boolean {
  return state === 'submitted' || state === 'manual_review'
}

/** The screen that belongs to where a verification stands. */
export function screenOf(progress: Progress): Screen {
  switch (progress.state) {
    case 'started':
      return 'documents'
    case 'documents':
      return 'face'
    case 'face':
      return 'review'
    case 'submitted':
    case 'manual_review':
      return 'pending'
    case 'passed':
      return 'passed'
    case 'refused':
      return 'refused'
    default:
      return progress.level > 0 ? 'passed' : 'intro'
  }
}
