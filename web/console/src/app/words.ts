import { frameText } from './text/frame'

export type Tone = 'plain' | 'good' | 'warn' | 'bad'

/** The words for a code of the bank, in the language of the screen; the code itself where it has none. */
export function nameOf(kind: 'role' | 'purpose' | 'act' | 'state' | 'outcome' | 'side' | 'kind', code: string): string {
  const key = `${kind}.${code}`
  return frameText.has(key) ? frameText.read(key as 'role.teller') : code // has() just said that the key is one of them
}

const tones: Readonly<Record<string, Tone>> = {
  active: 'good', open: 'good', settled: 'good', executed: 'good', done: 'good', passed: 'good', holds: 'good',
  waiting: 'warn', delayed: 'warn', held: 'warn', invited: 'warn', closing: 'warn', submitted: 'warn', review: 'warn', running: 'warn', overtaken: 'warn', reversed: 'warn',
  frozen: 'bad', refused: 'bad', failed: 'bad', suspended: 'bad', dead: 'bad', broken: 'bad',
}

/** How a state is painted. */
export function toneOf(state: string): Tone {
  return tones[state] ?? 'plain'
}
