/** Forms and addresses as they come in, checked at the door. */
import { z } from 'zod'
import { badForm, PageError } from './page-error.ts'
import type { Ask } from './routes.ts'

/**
 * The fields of a form by a schema. A field sent several times is an array where the schema asks for one.
 * @throws PageError 422 that names the field.
 */
export async function formOf<T>(c: Ask, schema: z.ZodType<T>): Promise<T> {
  const type = (c.req.header('content-type') ?? '').split(';')[0]
  if (type !== 'application/x-www-form-urlencoded') throw badForm('Expected the fields of a form.')
  const fields = new URLSearchParams(await c.req.text())
  return checked(fields, schema, message => badForm(message))
}

/** The query string by a schema. @throws PageError 400 that names the parameter. */
export function addressOf<T>(c: Ask, schema: z.ZodType<T>): T {
  return checked(
    new URL(c.req.url).searchParams,
    schema,
    message => new PageError(400, 'The address cannot be read', message),
  )
}

function checked<T>(
  fields: URLSearchParams,
  schema: z.ZodType<T>,
  problem: (message: string) => PageError,
): T {
  const values = new Map<string, string | string[]>()
  for (const name of new Set(fields.keys())) {
    const all = fields.getAll(name)
    values.set(name, all.length > 1 ? all : all[0]!)
  }
  const result = schema.safeParse(Object.fromEntries(values))
  if (result.success) return result.data
  throw problem(z.prettifyError(result.error))
}

/** A field that may come once, several times or not at all. */
export function many<T extends z.ZodType>(item: T) {
  return z.preprocess(
    (value: unknown): unknown[] => (value === undefined ? [] : [value].flat()),
    z.array(item),
  )
}

/** A text field; empty is absent. */
export function optionalText(longest: number) {
  return z
    .string()
    .max(longest)
    .transform(text => text.trim() || undefined)
    .optional()
}

/** A `<select>` whose first choice is empty. */
export function optionalChoice<const T extends readonly string[]>(of: T) {
  return z.preprocess(value => (value === '' ? undefined : value), z.enum(of).optional())
}

/** A checkbox. */
export const checkbox = z
  .literal('on')
  .optional()
  .transform(value => value === 'on')
