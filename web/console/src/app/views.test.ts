import { beforeEach, expect, test } from 'vitest'
import { useViews } from './views'

beforeEach(() => localStorage.clear())

test('a view is kept on this device under its name, the newest last, and forgotten', () => {
  const { keep } = useViews('audit')
  keep(' refused ', { outcome: 'refused' })
  keep('mine', { staff: 'stff_1' })
  keep('refused', { outcome: 'refused', from: '2026-11-01' })
  keep('   ', {})
  const again = useViews('audit')
  expect(again.views.value).toEqual([{ name: 'mine', query: { staff: 'stff_1' } }, { name: 'refused', query: { outcome: 'refused', from: '2026-11-01' } }])
  again.forget('mine')
  expect(useViews('audit').views.value.map(({ name }) => name)).toEqual(['refused'])
  expect(useViews('entries').views.value).toEqual([])
})

test('what is no view is not read', () => {
  localStorage.setItem('tongbao.views.audit', JSON.stringify([{ name: 1 }, { name: 'x', query: { a: 2 } }, 'y']))
  expect(useViews('audit').views.value).toEqual([])
  localStorage.setItem('tongbao.views.audit', '{')
  expect(useViews('audit').views.value).toEqual([])
})

test('twenty views are kept', () => {
  const { views, keep } = useViews('audit')
  for (let i = 0; i < 25; i++) keep(`v${i}`, {})
  expect(views.value).toHaveLength(20)
  expect(views.value[0]?.name).toBe('v5')
})
