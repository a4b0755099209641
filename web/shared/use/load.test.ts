import { expect, test } from 'vitest'
import { effectScope, nextTick, ref } from 'vue'
import { ownProblem, ProblemError } from '../api/problem'
import { useAct } from './act'
import { useLoad } from './load'
import { usePage, type Page } from './page'

const settle = () => new Promise((done) => setTimeout(done))

test('loads, fails with a code, and loads again', async () => {
  let online = false
  const { state, reload } = effectScope().run(() => useLoad(async () => {
    if (!online) throw new ProblemError(ownProblem('client.offline'))
    return 'data'
  })) ?? expect.unreachable()
  expect(state.value).toEqual({ status: 'loading' })
  await settle()
  expect(state.value).toMatchObject({ status: 'failed', code: 'client.offline' })
  online = true
  await reload()
  expect(state.value).toEqual({ status: 'ready', data: 'data' })
})

test('only the answer to the last question counts, and none after the page is left', async () => {
  const waiting: ((value: string) => void)[] = []
  const filter = ref('a')
  const scope = effectScope()
  const { state } = scope.run(() => useLoad(() => new Promise<string>((done) => waiting.push(done)), filter)) ?? expect.unreachable()
  filter.value = 'b'
  await nextTick()
  waiting[1]?.('second')
  await settle()
  waiting[0]?.('first, late')
  await settle()
  expect(state.value).toEqual({ status: 'ready', data: 'second' })
  filter.value = 'c'
  await nextTick()
  scope.stop()
  waiting[2]?.('after leaving')
  await settle()
  expect(state.value).toEqual({ status: 'loading' })
})

test('reads a list page by page to its end', async () => {
  const pages: Record<string, Page<number>> = { '': { items: [1, 2], next: 'x' }, x: { items: [3] } }
  const asked: (string | undefined)[] = []
  const { state, more } = effectScope().run(() => usePage((cursor) => {
    asked.push(cursor)
    return Promise.resolve(pages[cursor ?? ''] ?? { items: [] })
  })) ?? expect.unreachable()
  await settle()
  expect(state.value).toEqual({ status: 'ready', items: [1, 2], end: 'more' })
  await Promise.all([more(), more()])
  expect(state.value).toEqual({ status: 'ready', items: [1, 2, 3], end: 'reached' })
  await more()
  expect(asked).toEqual([undefined, 'x'])
})

test('a later page that fails keeps the rows and can be asked for again', async () => {
  let broken = true
  const { state, more } = effectScope().run(() => usePage<number>((cursor) => {
    if (cursor === undefined) return Promise.resolve({ items: [1], next: 'x' })
    return broken ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve({ items: [2] })
  })) ?? expect.unreachable()
  await settle()
  await more()
  expect(state.value).toEqual({ status: 'ready', items: [1], end: 'failed' })
  broken = false
  await more()
  expect(state.value).toEqual({ status: 'ready', items: [1, 2], end: 'reached' })
})

test('a double tap is one act', async () => {
  let runs = 0
  const { run, state } = useAct(async () => {
    runs++
    await settle()
    return 'sent'
  })
  const both = await Promise.all([run(), run()])
  expect(both).toEqual(['sent', undefined])
  expect(runs).toBe(1)
  expect(state.value).toEqual({ status: 'idle' })
})
