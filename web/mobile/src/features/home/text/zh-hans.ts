export const messages = {
  'title': '首页',
  'morning': '早上好，{name}',
  'afternoon': '下午好，{name}',
  'evening': '晚上好，{name}',
  'hello': '你好',
  'menu': '打开侧栏',
  'messages': '消息',
  'search': '搜索',
  'scan': '扫一扫',
  'acts': '常用',
} as const
