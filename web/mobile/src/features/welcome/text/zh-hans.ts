export const messages = {
  'title': '欢迎',
  'lead': '钱放得稳，用得快。',
  'safe': '每一笔都要你确认',
  'safeNote': '没有你的支付密码或通行密钥，钱动不了',
  'fast': '转账实时到账',
  'fastNote': '发送前核对姓名、金额和费用',
  'open': '账目看得明白',
  'openNote': '电子回单可公开验证',
  'register': '开通通宝',
  'signIn': '登录',
  'about': '关于这家银行',
} as const
