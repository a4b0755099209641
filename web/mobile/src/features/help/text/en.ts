import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': 'Help',
  'lead': 'See whether your answer is here.',
  'lost.q': 'I lost my phone. What now?',
  'lost.a': 'Sign in on any device, open Security, freeze first, then remove the lost device. While frozen, money can come in but not go out; you can unfreeze at any time.',
  'pin.q': 'I forgot my payment PIN.',
  'pin.a': 'Set a new one in Security, after proving who you are. Your limits are lower for a while afterwards, to protect you.',
  'wrong.q': 'I paid the wrong person. Can I get it back?',
  'wrong.a': 'Ordinary and next-day transfers can be cancelled in their details until they arrive. One that arrived at once cannot; contact the payee and us soon.',
  'limit.q': 'How do I raise my limits?',
  'limit.a': 'Verify your identity first. Then you set your own limits in Security, within what the law allows.',
  'receipt.q': 'Is the electronic receipt valid?',
  'receipt.a': 'It carries the bank’s electronic seal. Whoever receives it can scan its code and check that it is genuine.',
  'type.q': 'Is the type too small?',
  'type.a': 'Switch on large type in Settings: words and buttons grow.',
}
