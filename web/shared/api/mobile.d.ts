/* Started by hand from the contract; `npm run generate` writes it from internal/api/mobile/openapi.json. */
export type paths = {
  '/config': { get: { responses: { 200: { content: { 'application/json': components['schemas']['Config'] } } } } }
  '/session': {
    get: { responses: { 200: { content: { 'application/json': components['schemas']['Session'] } } } }
    delete: { responses: { 204: { content?: never } } }
  }
}
export type components = {
  schemas: {
    Config: { timezone: string; bank: string; demo: boolean }
    Session: { customer: string; name?: string; phone?: string }
  }
}
