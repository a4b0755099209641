export const messages = {
  'title': '我的',
  'unnamed': '通宝客户',
  'money': '我的钱',
  'safety': '安全',
  'more': '更多',
  'unreachable': '暂时连不上银行',
  'signOut': '退出登录',
  'signOutTitle': '要退出登录吗？',
  'signOutText': '下次打开要重新登录。这台设备仍会被记住。',
} as const
