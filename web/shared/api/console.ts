/** The part of the console's API that its frame needs: sign-in and who is here. Its rooms bring a generated one. */
export type Staff = { name: string; branch: string; role: string }

type Json<T> = { content: { 'application/json': T } }

export type ConsolePaths = {
  '/session': {
    get: { responses: { 200: Json<Staff> } }
    delete: { responses: { 204: { content?: never } } }
  }
  '/sessions/password': {
    post: { requestBody: Json<{ identifier: string; password: string }>; responses: { 200: Json<Staff> } }
  }
}
