/** `opomena user add`: an account for the web. */
import { randomBytes } from 'node:crypto'
import type { Command } from 'commander'
import { ConfigError } from '../core/errors.ts'
import { openAppState, openConfig } from './parts.ts'

const ROLES = ['viewer', 'monitor', 'lead', 'researcher', 'admin'] as const

export function register(program: Command): void {
  const user = program.command('user').description('accounts of the web')
  user
    .command('add')
    .description('add an account; a password is made and printed once')
    .argument('<name>', 'what the person signs in with')
    .option('--role <role>', `one of ${ROLES.join(', ')}`, 'monitor')
    .addHelpText('after', '\nExample:\n  opomena user add ana --role monitor')
    .action(async (name: string, options: { role: string }) => {
      const role = ROLES.find(one => one === options.role)
      if (!role)
        throw new ConfigError(
          `--role: expected one of ${ROLES.join(', ')}, came ${JSON.stringify(options.role)}`,
        )
      const store = await openAppState(openConfig())
      try {
        const password = randomBytes(12).toString('base64url')
        await store.addUser({ name, role, password })
        process.stdout.write(`name      ${name}\npassword  ${password}\nrole      ${role}\n`)
      } finally {
        store.close()
      }
    })
}
