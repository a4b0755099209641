import { afterEach, expect, expectTypeOf, test } from 'vitest'
import { locales, negotiate } from './locale'
import { defineText, fill, namesIn, setLocale, useText } from './text'

afterEach(() => setLocale('zh-Hans'))

type Module = { messages: Record<string, string> }

/** Every text of both apps, found by its place: no list that could forget one. */
const modules = import.meta.glob<Module>(['../../**/text/{zh-hans,zh-hant,en}.ts', '!../../node_modules/**'], { eager: true })
const folders = [...new Set(Object.keys(modules).map((path) => path.slice(0, path.lastIndexOf('/'))))]

test('there are texts to compare', () => {
  expect(folders.length).toBeGreaterThan(4)
})

test.each(folders)('%s says the same in each language', (folder) => {
  const first = modules[`${folder}/zh-hans.ts`]?.messages
  expect(first).toBeDefined()
  for (const locale of locales) {
    const messages = modules[`${folder}/${locale.toLowerCase()}.ts`]?.messages
    expect(messages, locale).toBeDefined()
    expect(Object.keys(messages ?? {}).toSorted(), locale).toEqual(Object.keys(first ?? {}).toSorted())
    for (const [key, message] of Object.entries(messages ?? {})) {
      expect(message.trim(), `${locale} ${key}`).not.toBe('')
      expect(namesIn(message), `${locale} ${key}`).toEqual(namesIn(first?.[key] ?? ''))
    }
  }
})

test.each(folders)('%s is written in the characters and marks of its language', (folder) => {
  const simplified = Object.entries(modules[`${folder}/zh-hans.ts`]?.messages ?? {})
  const traditional = Object.entries(modules[`${folder}/zh-hant.ts`]?.messages ?? {})
  for (const [key, message] of simplified) expect(/[\u4E00-\u9FFF][,?!;:(]/.test(message), `${key}: half-width mark`).toBe(false)
  for (const [key, message] of traditional) {
    expect(/[\u4E00-\u9FFF][,?!;:(]/.test(message), `${key}: half-width mark`).toBe(false)
    expect(/[这个们为户钱银号码认证关设录转账还没时长进开选择].*/u.exec(message)?.[0]?.match(/[这们为户钱银号码认证关设录转账还进开选择]/u)?.[0], `${key}: simplified character`).toBeUndefined()
  }
  for (const [key, message] of Object.entries(modules[`${folder}/en.ts`]?.messages ?? {})) expect(/[\u4E00-\u9FFF]/.test(message), `${key}: Chinese in English`).toBe(false)
})

test('puts values into a message and chooses by number', () => {
  expect(fill('第 {step} 步，共 {total} 步', { step: 2, total: 4 })).toBe('第 2 步，共 4 步')
  expect(fill('{n} {n|day|days}', { n: 1 })).toBe('1 day')
  expect(fill('{n} {n|day|days}', { n: 3 })).toBe('3 days')
  expect(fill('{here} {gone}', { here: 'x' })).toBe('x {gone}')
  expect(namesIn('{n} {n|day|days} of {name}')).toEqual(['n', 'name'])
})

test('a value that looks like a message is left as it is', () => {
  expect(fill('{name}', { name: '{name} $& $1' })).toBe('{name} $& $1')
})

test('loads a language once, and changes to it only when it is there', async () => {
  let loads = 0
  const text = defineText({
    'zh-Hans': () => Promise.resolve({ messages: { hello: '你好，{name}' } as const }),
    'zh-Hant': () => Promise.resolve({ messages: { hello: '您好，{name}' } }),
    en: () => {
      loads++
      return Promise.resolve({ messages: { hello: 'Hello {name}' } })
    },
  })
  const t = useText(text)
  await text.load('zh-Hans')
  expect(t('hello', { name: '宁' })).toBe('你好，宁')
  await setLocale('en')
  await text.load('en')
  expect(t('hello', { name: 'Ning' })).toBe('Hello Ning')
  expect(loads).toBe(1)
  expect(document.documentElement.lang).toBe('en')
  expectTypeOf(t<'hello'>).parameters.toEqualTypeOf<['hello', { name: string | number }]>()
})

test.each([
  [['zh-CN', 'en'], 'zh-Hans'],
  [['zh-TW'], 'zh-Hant'],
  [['zh-Hant-HK'], 'zh-Hant'],
  [['zh-MO'], 'zh-Hant'],
  [['en-GB'], 'en'],
  [['de', 'en-US'], 'en'],
  [['de'], 'zh-Hans'],
  [[], 'zh-Hans'],
] as const)('a browser that prefers %j reads %s', (preferred, want) => {
  expect(negotiate(preferred)).toBe(want)
})
