import { mount } from '@vue/test-utils'
import { beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { nextTick, ref } from 'vue'
import { setLocale } from '../i18n/text'
import { common } from '../text/common'
import AmountInput from './amount-input.vue'
import AmountText from './amount-text.vue'
import CodeInput from './code-input.vue'
import PhoneInput from './phone-input.vue'
import PinPad from './pin-pad.vue'
import UiButton from './button.vue'

beforeAll(async () => {
  await common.load('zh-Hans')
  await setLocale('zh-Hans')
})
beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: true, addEventListener: () => {}, removeEventListener: () => {} }))
})

/** Mounts a control with a model that follows it, as v-model does. */
function control(component: typeof AmountInput, start: string, props: Record<string, unknown> = {}) {
  const model = ref(start)
  const wrapper = mount(component, { attachTo: document.body, props: { modelValue: start, 'onUpdate:modelValue': (value: string) => {
    model.value = value
    void wrapper.setProps({ modelValue: value })
  }, label: '金额', ...props } })
  return { model, wrapper, input: wrapper.get('input') }
}

test('an amount is grouped while typed, and half a cent is not taken', async () => {
  const { model, input } = control(AmountInput, '')
  await input.setValue('1280.5')
  expect(model.value).toBe('1280.5')
  await nextTick()
  expect(input.element.value).toBe('1,280.5')
  await input.setValue('1,280.555')
  await nextTick()
  expect(model.value).toBe('1280.5')
  expect(input.element.value).toBe('1,280.5')
})

test('a pasted amount with signs is read, a pasted sentence is not', async () => {
  const { model, input } = control(AmountInput, '')
  await input.setValue('¥ 3,200.00')
  expect(model.value).toBe('3200.00')
  await input.setValue('3,200.00 ok')
  expect(model.value).toBe('3200.00')
})

test('the pad types into the field with named buttons', async () => {
  const { model, wrapper, input } = control(AmountInput, '12')
  await input.trigger('focus')
  const press = async (name: string) => {
    const key = wrapper.findAll('.num-pad button').find((button) => (button.attributes('aria-label') ?? button.text()) === name)
    await (key ?? expect.unreachable(name)).trigger('click')
    await nextTick()
  }
  input.element.setSelectionRange(2, 2)
  await press('7')
  await press('小数点')
  await press('5')
  expect(model.value).toBe('127.5')
  await press('删除一位')
  await press('删除一位')
  expect(model.value).toBe('127')
  await press('完成')
  expect(wrapper.emitted('done')).toHaveLength(1)
})

test('an error stands beside its field and is tied to it', () => {
  const { wrapper, input } = control(AmountInput, '', { error: '请输入金额' })
  const note = wrapper.get(`#${input.attributes('aria-describedby') ?? ''}`)
  expect(note.text()).toBe('请输入金额')
  expect(input.attributes('aria-invalid')).toBe('true')
})

test('six digits complete a PIN once, and letters are nothing', async () => {
  const { model, wrapper, input } = control(PinPad as unknown as typeof AmountInput, '')
  await input.setValue('12a34')
  expect(model.value).toBe('1234')
  expect(wrapper.emitted('complete')).toBeUndefined()
  await input.setValue('123456')
  expect(wrapper.emitted('complete')).toEqual([['123456']])
  expect(wrapper.html()).not.toContain('>123456<')
  expect(input.attributes('type')).toBe('password')
})

test('a one-time code can be filled by the phone, also in full-width digits', async () => {
  const { wrapper, input } = control(CodeInput as unknown as typeof AmountInput, '')
  expect(input.attributes('autocomplete')).toBe('one-time-code')
  await input.setValue('１２３ 456')
  expect(wrapper.emitted('complete')).toEqual([['123456']])
})

test.each([
  ['13800002207', '+8613800002207'],
  ['+86 138 0000 2207', '+8613800002207'],
  ['0086 138-0000-2207', '+8613800002207'],
  ['+852 5123 4567', '+85251234567'],
])('a phone number typed as %s is %s', async (typed, want) => {
  const { model, input } = control(PhoneInput as unknown as typeof AmountInput, '')
  await input.setValue(typed)
  await nextTick()
  expect(model.value).toBe(want)
})

test('a covered amount is nowhere in the page', () => {
  const wrapper = mount(AmountText, { props: { money: { amount: '128406.52', currency: 'CNY' }, covered: true } })
  expect(wrapper.html()).not.toMatch(/\d{3}/)
  expect(wrapper.attributes('aria-label')).toBe('金额已隐藏')
})

test.each([
  ['500', true, 'gain'],
  ['-18', true, undefined],
  ['-18', 'both', 'loss'],
  ['0.00', 'both', undefined],
] as const)('%s toned %s has the colour %s', (amount, toned, colour) => {
  const classes = mount(AmountText, { props: { money: { amount, currency: 'CNY' }, toned } }).classes()
  expect(classes.includes('gain') ? 'gain' : classes.includes('loss') ? 'loss' : undefined).toBe(colour)
})

test('a busy button takes no second tap', async () => {
  const wrapper = mount(UiButton, { props: { busy: true }, slots: { default: '转账' } })
  await wrapper.trigger('click')
  expect(wrapper.emitted('click')).toBeUndefined()
  expect(wrapper.attributes('aria-busy')).toBe('true')
  await wrapper.setProps({ busy: false })
  await wrapper.trigger('click')
  expect(wrapper.emitted('click')).toHaveLength(1)
})
