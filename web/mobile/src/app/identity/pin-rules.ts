/** Whether a PIN is one that a thief would try first: 111111, 123456, 246802, 121212. The bank knows more of them. */
export function isWeakPin(pin: string): boolean {
  const digits = [...pin].map(Number)
  const step = ((digits[1] ?? 0) - (digits[0] ?? 0) + 10) % 10
  const steady = digits.every((digit, index) => index === 0 || (digit - (digits[index - 1] ?? 0) + 10) % 10 === step)
  const repeated = pin === pin.slice(0, 2).repeat(3) || pin === pin.slice(0, 3).repeat(2)
  return steady || repeated
}
