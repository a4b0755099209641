import { expect, test } from 'vitest'
import { screenOf, type Progress } from './use-verification'

const at = (state: Progress['state'], level = 0): Progress => ({ state, level, hasFront: false, hasBack: false, hasFace: false, attemptsLeft: 5 })

test.each([
  ['none', 0, 'intro'],
  ['abandoned', 0, 'intro'],
  ['abandoned', 1, 'passed'],
  ['started', 0, 'documents'],
  ['documents', 0, 'face'],
  ['face', 0, 'review'],
  ['submitted', 0, 'pending'],
  ['manual_review', 0, 'pending'],
  ['refused', 1, 'refused'],
  ['passed', 3, 'passed'],
] as const)('%s at level %i shows %s', (state, level, screen) => expect(screenOf(at(state, level))).toBe(screen))
